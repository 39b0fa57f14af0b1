"""Cases of compute per megawatt written and read by several tests."""

from flexrev_xl.readers.cpm_case_file import read_cpm_case

# GPUs of 1 kW with nothing beside them and no overhead, so that a trace of GPUs is their load at the meter.
PLAIN = {
    "site": {"grid_mw": 2},
    "gpus": {
        "gpu_kw": 1, "other_kw_per_gpu": 0, "pue": 1, "utilisation": 0.5, "availability": 1, "price_per_gpu_hour": 1,
        "price_fall": 0, "gpu_capex": 5000, "energy_price_per_mwh": 10,
    },
    "battery": {
        "battery_mw": 1, "battery_mwh": 2, "round_trip_efficiency": 0.81, "auxiliaries": 0, "depth": 1, "end_of_life": 1,
        "battery_capex_per_mwh": 350_000,
    },
    "money": {"discount_rate": 0},
}  # fmt: skip
HIGH_AND_LOW = [1.0, 0.4]  # MW of 1,000 GPUs, an hour each


def trace_csv(values, interval_seconds=3600, unit="MW"):
    """A CSV of readings in one unit."""
    rows = (f"{n * interval_seconds},{value!r}" for n, value in enumerate(values))
    return "\n".join([f"t_s,load_{unit}", *rows]) + "\n"


def written(folder, changed=None, trace=HIGH_AND_LOW, load=None, currency="USD", name="case.yaml", unit="MW"):
    """The path of a plain case, some of its keys changed by section; None takes a key out."""
    (folder / "trace.csv").write_text(trace_csv(trace, unit=unit), encoding="utf-8")
    sections = {"load": load or {"file": "trace.csv", "meter": "gpu", "gpus": 1000}}
    for section in dict.fromkeys([*PLAIN, *(changed or {})]):
        keys = PLAIN.get(section, {}) | (changed or {}).get(section, {})
        sections[section] = {key: value for key, value in keys.items() if value is not None}
    lines = [f"currency: {currency}"]
    for section, keys in sections.items():
        lines += [f"{section}:", *(f"  {key}: {value}" for key, value in keys.items())]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def case(folder, *args, **options):
    """A plain case as read."""
    return read_cpm_case(written(folder, *args, **options))
