"""A trace of power in CSV or Parquet: what is read, how it is told, and what is refused with its rows."""

import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import approx

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.telemetry import read_telemetry
from flexrev_xl.readers.telemetry_columns import units_in
from flexrev_xl.readers.telemetry_series import resampled


@pytest.fixture
def read(tmp_path):
    """A function: text, bytes or a polars DataFrame written to a file and read as a trace."""

    def read_trace(content, /, name=None, **options):
        path = tmp_path / (name or ("t.parquet" if isinstance(content, pl.DataFrame) else "t.csv"))
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_telemetry(path, **options)

    return read_trace


@pytest.fixture
def refused(read):
    """A function: the mistakes, as FlexErrors, that reading such a trace tells."""

    def problems(content, /, name=None, **options):
        with pytest.raises(FlexError) as told:
            read(content, name, **options)
        return told.value.problems

    return problems


def rows(*pairs, head="t_s,load_kw"):
    """A CSV of stamps and readings."""
    return "\n".join([head, *(f"{t},{p}" for t, p in pairs)]) + "\n"


def codes(problems):
    return [p.code for p in problems]


def steady(count, **changed):
    """A reading of 2 kW every second, some of them replaced: r7 is the reading of row 7."""
    return rows(*((i, changed.get(f"r{i + 2}", 2)) for i in range(count)))


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("ac_power_w", "W"), ("run1_cluster_kw", "kW"), ("Power [MW]", "MW"), ("load (kW)", "kW"), ("PowerW", "W"),
        ("totalkW", "kW"), ("Total Kilowatts", "kW"), ("load", None), ("window", None), ("energy_kwh", None),
    ],
)  # fmt: skip
def test_the_unit_is_read_off_the_heading(heading, unit):
    """W, kW and MW as a word or an ending of a heading; letters within another word are none."""
    assert ({unit} if unit else set()) == units_in(heading)


@pytest.mark.parametrize(("unit", "megawatts"), [("W", 3e-6), ("kW", 3e-3), ("MW", 3.0)])
def test_readings_become_megawatts(read, unit, megawatts):
    """Three of any unit, by the heading or by the option, are the same megawatts."""
    for content, given_unit in ((f"time,load_{unit}\n0,3\n1,3\n", None), ("time,load\n0,3\n1,3\n", unit)):
        trace = read(content, unit=given_unit)
        assert [megawatts, megawatts] == trace.series[0].power_mw.tolist()
        assert (unit, "given" if given_unit else "heading") == (trace.read.unit, trace.read.unit_from)


@pytest.mark.parametrize(
    ("stamps", "read_as", "first"),
    [
        (("2024-05-17T10:00:00Z", "2024-05-17T10:00:02Z", "2024-05-17T12:00:04+02:00"), "stamps with their offset", "2024-05-17T10:00:00Z"),
        (("2024-05-17 10:00", "2024-05-17 10:00:02", "2024-05-17 10:00:04.000"), "stamps without zone", "2024-05-17T10:00:00"),
        (("1715940000", "1715940002", "1715940004"), "epoch seconds", "2024-05-17T10:00:00Z"),
        (("1715940000000", "1715940002000", "1715940004000"), "epoch seconds", "2024-05-17T10:00:00Z"),
        (("0", "2.0", "4"), "elapsed seconds", "0 s"),
    ],
)  # fmt: skip
def test_stamps_of_every_kind(read, stamps, read_as, first):
    """ISO stamps with and without offset, seconds since 1970 and elapsed seconds: an interval of 2 s, told as read."""
    trace = read(rows(*((t, 5) for t in stamps), head="time,load_kw"))
    (series,), (run,) = trace.series, trace.read.runs
    assert (2.0, read_as, first) == (series.interval_seconds, trace.read.time_read_as, run.first)
    assert first in trace.read.sentences[1]


@pytest.mark.parametrize("head", ["t_min", "elapsed_minutes"])
def test_the_unit_of_time_is_read_off_the_heading(read, head):
    """Minutes are 60 s."""
    assert 60.0 == read(rows((0, 1), (1, 1), (2, 1), head=f"{head},load_kw")).series[0].interval_seconds


def test_offsets_make_an_hour_unambiguous(read):
    """02:00 stands twice on 27 October 2024 in Paris: with their offsets the stamps are an hour apart."""
    text = rows(
        ("2024-10-27T01:00+02:00", 5), ("2024-10-27T02:00+02:00", 6), ("2024-10-27T02:00+01:00", 7), head="time,load_kw"
    )
    assert (3600.0, 3) == ((s := read(text).series[0]).interval_seconds, len(s.power_mw))


@pytest.mark.parametrize(
    "stamps",
    [("02:30", "02:45", "02:00", "02:15"), ("01:00", "02:00", "02:00", "03:00")],
    ids=["quarter hours", "hours"],
)
def test_a_clock_set_back_is_told_as_such(refused, stamps):
    """Stamps without zone that go back an hour: probably a change of clock, whatever is chosen for gaps."""
    text = rows(*((f"2024-10-27 {t}", 5) for t in stamps), head="time,load_kw")
    for gaps in ("refuse", "hold", "drop"):
        (problem,) = refused(text, gaps=gaps)
        assert ("CPM-164", True, True) == (problem.code, "clock changed" in problem.what, "row 4" in problem.what)


def test_a_clock_set_forward_is_a_gap_with_a_hint(refused):
    """An hour that is missing from stamps without zone is a gap, and may be none."""
    times = ("01:00", "01:15", "01:30", "01:45", "03:00", "03:15")
    (problem,) = refused(rows(*((f"2024-03-31 {t}", 5) for t in times), head="time,load_kw"))
    assert ("CPM-162", True) == (problem.code, "where the clock changed" in problem.what)


def test_every_fault_at_once_with_its_rows(refused):
    """Nine faults of six kinds among a hundred readings: each kind once, with its count and rows."""
    bad = {"r3": "=1+1", "r4": -3, "r5": "inf", "r6": "NaN", "r7": "", "r9": 9e9, "r50": "n/a"}
    text = steady(100, **bad).replace("\n20,2\n", "\n19,2\n").replace("\n60,2\n", "\n")
    problems = refused(text)
    told = [p.what for p in problems]
    assert ["CPM-162", "CPM-163", "CPM-163", "CPM-163", "CPM-163", "CPM-164", "CPM-162"] == codes(problems)
    expected = [
        "2 of 99 (rows 6, 7)",
        "2 of 99 (rows 3, 50;",
        "1 of 99 (row 5;",
        "1 of 99 (row 4;",
        "1 of 99 (row 9;",
        "1 (row 22;",
    ]
    assert [] == [(e, what) for e, what in zip(expected, told, strict=False) if e not in what]
    assert "'=1+1'" in told[1]
    assert "2 (rows 23, 62;" in told[-1]


def test_a_reading_in_another_unit_is_found(refused):
    """One row of W among kW is 1,000 times its neighbours, give or take the swing of the load: refused with its row."""
    text = rows(*((i, 300_000 if i == 7 else 400 + 50 * (i % 2)) for i in range(20)))
    (problem,) = refused(text)
    assert ("CPM-163", True) == (problem.code, "row 9" in problem.what)


def test_a_unit_that_is_given_settles_the_column(read, refused):
    """Of three columns --unit kW leaves one; where it leaves two, or none, they are listed with one to name."""
    text = "t_s,a_w,b_kw,c_mw\n0,1,2,3\n1,1,2,3\n"
    assert ("b_kw", "heading") == ((found := read(text, unit="kW").read).load_column, found.unit_from)
    for content, unit in ((text, None), (text.replace("a_w", "a_kw"), "kW"), (text.replace("b_kw", "b_w"), "kW")):
        (problem,) = refused(content, unit=unit)
        assert ("CPM-160", True) == (problem.code, "such as --column 'a_" in problem.remedy)


def test_holding_keeps_time_and_dropping_leaves_it_out(read):
    """A reading that is missing and a gap of three seconds: four seconds held with the reading before, or gone."""
    text = rows(*((i + 3 * (i > 15), "" if i == 7 else i) for i in range(20)))
    held, dropped = read(text, gaps="hold"), read(text, gaps="drop")
    kilowatts = [*range(7), 6, *range(8, 16), 15, 15, 15, *range(16, 20)]
    assert approx(kilowatts) == 1000 * held.series[0].power_mw
    assert approx([*range(7), *range(8, 20)]) == 1000 * dropped.series[0].power_mw
    (run,) = held.read.runs
    assert (1, {"missing": 1}, 4.0, 0.0) == (run.gaps, run.unusable, run.seconds_held, run.seconds_dropped)
    assert (4.0, 0.0) == (dropped.read.runs[0].seconds_dropped, dropped.read.runs[0].seconds_held)
    assert "missing readings 1: 4 s held" in held.read.sentences[1]


def test_the_first_of_two_alike_stamps_is_kept(read, refused):
    """A stamp that stands twice is refused until the caller chooses, and counted then."""
    text = rows(*((i, 2) for i in range(10)), (9, 7), *((i, 2) for i in range(10, 20)))
    assert ["CPM-164"] == codes(refused(text))
    trace = read(text, gaps="hold")
    assert (20, 1, 0.002) == (
        len(trace.series[0].power_mw),
        trace.read.runs[0].duplicates,
        trace.series[0].power_mw.max(),
    )


def test_there_is_nothing_to_hold_before_the_first_reading(read, refused):
    """A trace that begins with a missing reading can only lose it."""
    text = steady(30, r2="")
    assert ["CPM-162"] == codes(refused(text, gaps="hold"))
    assert 29 == len(read(text, gaps="drop").series[0].power_mw)


@pytest.mark.parametrize("gaps", ["refuse", "hold", "drop"])
def test_too_many_unusable_readings_are_never_made_up(refused, gaps):
    """Above a tenth of them unusable, or several nodes at each stamp, the column is not what it is taken for."""
    nodes = rows(*((i // 4, 5) for i in range(40)))
    for text in (steady(20, r5=-1, r6=-1, r7=-1), nodes):
        (problem,) = refused(text, gaps=gaps)
        assert problem.code in ("CPM-163", "CPM-164")
        assert "--gaps" not in problem.remedy


def test_rows_that_go_back_are_refused(refused):
    """Rows out of order are not sorted silently."""
    (problem,) = refused(rows((0, 1), (1, 1), (3, 1), (2, 1), (4, 1), (5, 1)), gaps="drop")
    assert ("CPM-164", True) == (problem.code, "row 5" in problem.what)


def test_several_loads_are_listed(shared_data):
    """The measured GPT-3 trace has six columns of power: they are listed with the flag that chooses."""
    path = shared_data / "ai_training_gpt3_64nodes_512xH100_2s.csv"
    with pytest.raises(FlexError) as told:
        read_telemetry(path)
    assert ("CPM-160", True, True) == (
        told.value.code,
        "run2_mean_node_w" in told.value.what,
        "--column" in told.value.remedy,
    )
    (series,) = read_telemetry(path, column="run1_cluster_kw").series
    assert (1705, 2.0, 0.344957) == (len(series.power_mw), series.interval_seconds, series.power_mw[0])


def test_several_runs_are_several_series(shared_data):
    """The measured Llama-2 traces: five runs, their gaps refused, then held; energy as the stamps weigh it."""
    path = shared_data / "ai_training_llama2_70b_lora_1node_8xH100_2s.csv"
    with pytest.raises(FlexError) as told:
        read_telemetry(path)
    assert ["CPM-164", "CPM-162"] == codes(told.value.problems)
    trace = read_telemetry(path, gaps="hold")
    assert [f"run {n}" for n in range(1, 6)] == [s.name for s in trace.series]
    table = pl.read_csv(path)
    for number, series in enumerate(trace.series, start=1):
        run = table.filter(pl.col("run") == number).unique("t_s", keep="first", maintain_order=True)
        seconds, watts = run["t_s"].to_numpy(), run["ac_power_w"].to_numpy()
        end = series.interval_seconds * len(series.power_mw)
        energy = math.fsum(watts * np.diff(np.append(seconds - seconds[0], end)))
        assert approx(energy, rel=1e-12) == 1e6 * series.interval_seconds * math.fsum(series.power_mw)


def test_resampling_by_hand():
    """6 for 1 s, 2 for 2 s, 4 from then on: means over 2 s of 4 and 3, over 3 s of 10/3 and 4."""
    seconds, load = np.array([0.0, 1.0, 3.0]), np.array([6.0, 2.0, 4.0])
    assert [4.0, 3.0] == resampled(seconds, load, 2.0).tolist()
    assert approx([10 / 3, 4.0]) == resampled(seconds, load, 3.0)


@given(st.lists(st.tuples(st.floats(0.01, 50), st.floats(0, 1e4)), min_size=2, max_size=60), st.floats(0.5, 40))
def test_resampling_keeps_energy(readings, interval):
    """Whatever the stamps and the interval, energy is kept to 1e-12 and no mean exceeds a reading."""
    steps, load = np.array(readings).T
    seconds = np.concatenate(([0.0], np.cumsum(steps[:-1])))
    means = resampled(seconds, load, interval)
    energy = math.fsum(load * np.diff(np.append(seconds, interval * len(means))))
    assert approx(energy, rel=1e-12, abs=1e-9) == interval * math.fsum(means)
    assert (means <= load.max() * (1 + 1e-9) + 1e-9).all()


def test_an_interval_that_is_given(read, refused):
    """Coarser than the stamps it is averaged to, finer it is refused, and without stamps it is needed."""
    text = rows((0, 1), (1, 2), (2, 3), (3, 4))
    assert approx([0.0015, 0.0035]) == read(text, interval_seconds=2).series[0].power_mw
    assert [("CPM-166", "--interval")] == [(p.code, p.place) for p in refused(text, interval_seconds=0.5)]
    assert ["CPM-166"] == codes(refused("load_kw\n5\n6\n"))
    series = read("load_kw\n5\n6\n", interval_seconds=0.5).series[0]
    assert ([0.005, 0.006], 0.5) == (series.power_mw.tolist(), series.interval_seconds)


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        ("", {}, ["CPM-165"]),
        ("\n \n", {}, ["CPM-165"]),
        ("t_s,load_kw\n", {}, ["CPM-165"]),
        (rows((0, 1)), {}, ["CPM-165"]),
        ("0,1\n1,2\n", {}, ["CPM-160"]),
        ("t_s,load_kw,load_kw\n0,1,1\n", {}, ["CPM-160"]),
        (rows((0, 1), head="t_s,time,load_kw".replace("time,", "")), {"column": "laod_kw"}, ["CPM-160"]),
        (rows((0, 1), (1, 1)), {"column": "t_s"}, ["CPM-160"]),
        ("time,stamp,load_kw\n0,0,1\n", {}, ["CPM-160"]),
        ("t_s,energy_kwh\n0,1\n1,1\n", {"column": "energy_kwh"}, ["CPM-160"]),
        (rows((0, 1), (1, 1), head="t_s,load"), {}, ["CPM-161"]),
        (rows((0, 1), (1, 1)), {"unit": "MW"}, ["CPM-161"]),
        (rows((0, 1), (1, 1)), {"unit": "GW"}, ["CPM-161"]),
        (rows((0, 1), (1, 1), head="t_s,load_kw_w"), {}, ["CPM-161"]),
        (rows((0, 1), (1, 1), head="t_s,load_mW"), {}, ["CPM-161"]),
        (rows((0, 7e5), (1, 7e5), head="t_s,load_mw"), {}, ["CPM-163"]),
        (rows((0, 1), (1, 1)), {"gaps": "fill", "interval_seconds": -1}, ["FLEX-003", "FLEX-016"]),
        (rows(("17/05/2024 10:00", 1), ("17/05/2024 10:01", 1)), {}, ["CPM-164"]),
        (rows(("2024-05-17T10:00Z", 1), ("2024-05-17T10:01", 1)), {}, ["CPM-164"]),
        (rows((45429.5, 1), (45430.5, 1), head="date,load_kw"), {}, ["CPM-164"]),
        ("t_s;load_kw\n0;1,5\n1;1,5\n", {}, ["FLEX-108"]),
        ("t_s;load_kw\n0;1.5\n1;1,5\n", {"decimal": ","}, ["FLEX-108"]),
        ("t_s,load_kw\n0,1\n1,2,7\n", {}, ["FLEX-114"]),
        ('t_s,load_kw\n0,1\n1,"2\n2,3\n', {}, ["FLEX-114"]),
        ("t_s,load_kw\n0,1\n1,2ü\n".encode("latin-1"), {}, ["FLEX-114"]),
        (rows((0, 1), (1, 1)).encode("utf-16"), {}, ["FLEX-114"]),
    ],
)
def test_what_cannot_be_settled_is_refused(refused, content, options, expected):
    """Each with its code; never a guess."""
    assert expected == codes(refused(content, **options))


@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_dialect_reads_alike(read, start, mark, end):
    """Byte order mark, blank lines, comma, semicolon or tab, either line end: the same readings; empty rows are told."""
    trace = read((start + rows((0, 5), (1, 6)) + "\n\n").replace(",", mark).replace("\n", end))
    assert [0.005, 0.006] == trace.series[0].power_mw.tolist()
    assert f"{trace.read.empty_rows} empty rows left out" in trace.read.sentences[0]


def test_a_decimal_comma_needs_the_option(read):
    """1,5 between semicolons is one and a half with the option, in stamps too."""
    trace = read("t_s;load_kw\n0,5;1,5\n1;2,5\n", decimal=",")
    assert ([0.0015, 0.0025], 0.5) == (trace.series[0].power_mw.tolist(), trace.series[0].interval_seconds)


def test_a_grid_without_end_is_refused(refused):
    """One stamp a thousand years late is not filled second by second."""
    assert ["CPM-166"] == codes(refused(rows((0, 1), (1, 1), (2, 1), (3e10, 1)), gaps="hold"))


def test_the_place_of_broken_text_is_told(refused):
    """The row of a cell too many, of an open quotation mark, and of bytes of another encoding."""
    assert ["t.csv row 3"] == [p.place for p in refused("t_s,load_kw\n0,1\n1,2,7\n")]
    assert ["t.csv row 3"] == [p.place for p in refused('t_s,load_kw\n0,1\n1,"2\n2,3\n')]
    assert ["line 3 is not UTF-8 text"] == [p.what for p in refused("t_s,load_kw\n0,1\n1,ü\n".encode("latin-1"))]


FLAWLESS = pl.DataFrame({"time": range(300), "load_kw": [400.0 + i % 7 for i in range(300)]})


@pytest.mark.parametrize(
    "time",
    [
        pl.int_range(0, 300, eager=True),
        pl.int_range(0, 300, eager=True).cast(pl.Float32),
        (pl.int_range(0, 300, eager=True) * 1000).cast(pl.Datetime("ms")),
        (pl.int_range(0, 300, eager=True) * 1_000_000).cast(pl.Datetime("us", "America/New_York")),
        (pl.int_range(0, 300, eager=True) * 10**9).cast(pl.Duration("ns")),
        (pl.int_range(0, 300, eager=True) * 10**9).cast(pl.Datetime("ns")).dt.to_string("iso"),
    ],
    ids=lambda series: str(series.dtype),
)
@pytest.mark.parametrize("kind", [pl.Float64, pl.Float32, pl.Int64, pl.UInt16, pl.Decimal(10, 2), pl.String])
def test_parquet_of_every_kind_reads_alike(read, time, kind):
    """Numbers, dates, durations and text: the same series, in one pass or in many."""
    frame = FLAWLESS.with_columns(time.alias("time"), pl.col("load_kw").cast(kind))
    (series,) = read(frame).series
    assert (1.0, 300) == (series.interval_seconds, len(series.power_mw))
    assert np.array_equal(FLAWLESS["load_kw"].to_numpy() / 1000, series.power_mw)


@pytest.mark.parametrize("bad", [math.nan, -1.0, math.inf, None, 5e9])
@pytest.mark.parametrize("at", [0, 150, 299])
def test_one_bad_reading_of_a_parquet_file_is_found(refused, bad, at):
    """Wherever it stands, with its row counted from 1."""
    frame = FLAWLESS.with_columns(pl.Series("load_kw", [bad if i == at else 400.0 for i in range(300)]))
    problems = refused(frame)
    assert {"CPM-162"} | {"CPM-163"} >= set(codes(problems))
    assert f"(row {at + 1}" in problems[0].what


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"not a Parquet file"])
def test_a_broken_parquet_file_is_refused(refused, content):
    """With the words of the library, and no traceback."""
    assert ["FLEX-114"] == codes(refused(content, name="t.parquet"))


def test_other_files_are_refused(tmp_path, refused):
    """A missing file, a folder and another kind of file are told apart."""
    (tmp_path / "d.csv").mkdir()
    for name, code in (("none.csv", "FLEX-101"), ("d.csv", "FLEX-101")):
        with pytest.raises(FlexError) as told:
            read_telemetry(tmp_path / name)
        assert code == told.value.code
    (problem,) = refused("x", name="t.xlsx")
    assert ("FLEX-102", "Save it as CSV or Parquet.") == (problem.code, problem.remedy)


def test_a_name_with_a_star_is_one_file(read):
    """Brackets and stars in a name are no pattern."""
    assert 2 == len(read(rows((0, 1), (1, 1)), name="t[1]*.csv").series[0].power_mw)
    assert 300 == len(read(FLAWLESS, name="t[1]*.parquet").series[0].power_mw)


def test_what_was_read_is_told_as_json(read):
    """The record holds columns, units, interval, rows and stamps, and can be written as JSON."""
    record = json.loads(json.dumps(read(rows((0, 1), (2, 1), (4, 1))).read.as_json()))
    assert ("load_kw", "kW", "t_s", 3, 2.0, "stamps") == tuple(
        record[k] for k in ("load_column", "unit", "time_column", "rows", "resolution_seconds", "interval_from")
    )
    assert ("0 s", "4 s", 3) == tuple(record["runs"][0][k] for k in ("first", "last", "readings"))


CELL = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["1", "2.5", "", "NaN", "-1", "inf", "1,5", "=A1", "2024-05-17T10:00Z", "1e308", "9" * 30]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELL, CELL), max_size=6),
    st.sampled_from(["t_s,load_kw", "time,load_mw", "run,w", "ts;p", "timestamp,load_w"]),
    st.sampled_from(["refuse", "hold", "drop"]),
    st.sampled_from([None, 1.0]),
)
def test_garbage_is_read_or_refused(read, cells, head, gaps, interval):
    """Whatever stands in the cells, finite readings come out or a FlexError."""
    text = "\n".join([head, *(f"{a},{b}" for a, b in cells)])
    try:
        trace = read(text.encode("utf-8", "surrogatepass"), gaps=gaps, interval_seconds=interval)
    except FlexError:
        return
    assert all(
        np.isfinite(s.power_mw).all() and (s.power_mw >= 0).all() and s.interval_seconds > 0 for s in trace.series
    )
