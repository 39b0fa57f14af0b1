"""Cases of compute per megawatt for the tests of their workbook: one read and worked out, one of round figures by hand."""

from flexrev_xl.analysis.cpm_case import cpm_case
from flexrev_xl.core.cpm.case_line import ALONE, CAPPED, WITH_BATTERY
from flexrev_xl.readers.cpm_case_file import read_cpm_case
from flexrev_xl.workbook import cpm_build, cpm_record
from flexrev_xl.workbook.cpm_record import STATISTICS, CaseRecord
from tests.workbook.making import TODAY

# Six hours, whose battery behind 7 MW is known: 2 MW and 20/3 MWh at 81 % carry the load as it stands.
TRACE = "seconds,load_mw\n0,4\n3600,4\n7200,10\n10800,10\n14400,6\n18000,2\n"
YAML = """\
name: Hourly hall
currency: USD
load: {file: trace.csv, meter: site, gpus: 10000}
site: {grid_mw: 7}
gpus:
  gpu_kw: 0.85
  other_kw_per_gpu: 0.05
  pue: 1.25
  power_cap: 80%
  curve: {caps: [0.6, 0.8, 1], throughputs: [0.7, 0.9, 1]}
  price_per_gpu_hour: {value: 2.5, source: Quote of May}
  gpu_capex: 25000
  rack_capex: 5000
  gpu_opex: 100
  energy_price_per_mwh: 60
battery: {battery_mw: 3, battery_mwh: 12, battery_capex_per_mwh: 200000, wear_per_mwh: 5}
money: {grid_revenue_per_mw_year: 60000, months_earlier: 6}
optimise: {most_battery_mw: 3, most_battery_mwh: 12}
"""


def written(folder, text=YAML):
    """The path of a case in a folder, its trace beside it."""
    (folder / "trace.csv").write_text(TRACE, "utf-8")
    path = folder / "case.yaml"
    path.write_text(text, "utf-8")
    return path


def worked_out(folder, text=YAML):
    """The CaseResult of a case."""
    return cpm_case(read_cpm_case(written(folder, text)))


def built(record):
    """The bytes of the workbook of a record."""
    return cpm_build.finished(cpm_build.compose(record, source="case.yaml", today=TODAY))


def built_result(result):
    """The bytes of the workbook of a CaseResult."""
    return built(cpm_record.of_result(result))


# 1,000 GPUs alone, 1,200 capped at 80 % with 95 % of the throughput, 1,250 with a battery of 1 MW / 2 MWh.
ROUND = {
    "grid_mw": 2.0, "gpu_kw": 1.0, "other_kw_per_gpu": 0.0, "pue": 1.0, "power_cap": 0.8, "utilisation": 0.5,
    "availability": 1.0, "price_per_gpu_hour": 2.0, "price_fall": 0.0, "gpu_capex": 20e3, "rack_capex": 5e3, "gpu_opex": 100.0,
    "gpu_years": 5.0, "energy_price_per_mwh": 100.0, "battery_mw": 1.0, "battery_mwh": 2.0, "round_trip_efficiency": 0.8,
    "auxiliaries": 0.01, "depth": 0.9, "end_of_life": 0.7, "battery_capex_per_mw": 50e3, "battery_capex_per_mwh": 100e3,
    "battery_years": 10.0, "o_and_m_share": 0.02, "wear_per_mwh": 10.0, "grid_revenue_per_mw_year": 60e3,
    "discount_rate": 0.0, "months_earlier": 6.0,
}  # fmt: skip
_STATES = {ALONE: (1000.0, 1.0, 1.0), CAPPED: (1200.0, 0.95, 0.8), WITH_BATTERY: (1250.0, 0.95, 0.8)}


def by_hand(currency="USD", technology="battery", **changed):
    """The record of round figures, some of its inputs changed."""
    inputs = ROUND | changed
    return CaseRecord(
        name="Round figures",
        currency=currency,
        technology=technology,
        inputs=inputs,
        sources=dict.fromkeys(inputs, "By hand"),
        worked_out_with=dict(inputs),
        states={
            state: dict(zip(("gpus", "throughput", "mean_kw"), figures, strict=True))
            for state, figures in _STATES.items()
        },
        results={"event_gpus": 1.0, "discharged_mwh": 400.0, "needed_mw": 1.0, "needed_mwh": 1.0, "load_out_mw": 2.5},
        verdict="carried",
        statistics={key: 1.0 for key, *_ in STATISTICS},
        factors={"capping": 1.14, "smoothing": 1.05, "events": 1.0},
        worst_hour=((0.0, 1.9, 2.0, 1.0), (60.0, 2.1, 2.0, 0.5)),
        frontier=(),
        notes=(("Read", "by hand"),),
    )
