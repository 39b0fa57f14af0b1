"""The load of a case of compute per megawatt: a trace from a file, or one made by a formula."""

import re

from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.cpm_case import CaseTrace
from flexrev_xl.portfolio.cpm_keys import IT_METER, SYNTHETIC

_AS_KEYS = (
    (r"--gaps (\w+)", r"gaps: \1"),
    (r"--interval\b", "interval_seconds"),
    (r"--time-column\b", "time_column"),
    (r"--(unit|column|gaps)\b", r"\1"),
)


def case_trace(asked, folder, place):
    """The CaseTrace that the section `load` of a case asks for.

    Args:
        asked: values by key, read by their marks.
        folder: what the name of a file is relative to.
        place: of the section.

    Raises:
        FlexError, FlexErrors: FLEX-105 neither or both, and what the readers of traces refuse, their options
            named as the keys of a case.
    """
    file, synthetic = asked.get("file"), asked.get("synthetic")
    if (file is None) == (synthetic is None):
        what = "neither file nor synthetic is given" if file is None else "both file and synthetic are given"
        remedy = f"Give one of them: file: trace.csv, or synthetic: {SYNTHETIC}."
        raise FlexError("FLEX-105", what, place=place, remedy=remedy)
    return _synthetic(asked) if file is None else _from_file(asked, folder, place)


def _synthetic(asked):
    from flexrev_xl.core.cpm.synthetic import synthetic_training_load

    made = synthetic_training_load(int(asked["seed"]), asked["peak_mw"])
    said = (
        f"{made.name} with seed {made.seed}: {len(made.power_mw):,} readings of {made.interval_seconds:g} s, "
        f"peak {asked['peak_mw']:,.6g} MW",
    )
    meter = asked.get("meter") or IT_METER
    interval = made.interval_seconds
    return CaseTrace(made.power_mw, interval, interval, said, meter, asked.get("gpus"), is_synthetic=True)


def _from_file(asked, folder, place):
    from flexrev_xl.readers.telemetry import read_telemetry

    if asked.get("meter") is None:
        raise FlexError(
            "FLEX-105", "meter is missing", place=place, remedy="Say what the trace holds: site, it or gpu."
        )
    options = {key: asked.get(key) for key in ("column", "time_column", "unit", "interval_seconds")}
    decimal = "," if asked.get("decimal") == "comma" else "."
    try:
        found = read_telemetry(folder / asked["file"], gaps=asked["gaps"], decimal=decimal, **options)
    except FlexError as e:
        from flexrev_xl.errors import FlexErrors

        raise FlexErrors([_in_words_of_a_case(problem, place) for problem in e.problems]) from None
    series = _run(found, asked.get("run"), place)
    return CaseTrace(
        series.power_mw,
        series.interval_seconds,
        found.read.resolution_seconds,
        tuple(_as_keys(sentence) for sentence in found.read.sentences),
        asked["meter"],
        asked.get("gpus"),
        is_mlperf=asked["is_mlperf"],
        runs=len(found.series),
    )


def _run(found, wanted, place):
    """The series of the run asked for."""
    names = [series.name for series in found.series]
    if wanted is None:
        if len(names) == 1:
            return found.series[0]
        what = f"the file holds {len(names)} runs: {', '.join(names[:6])}"
        remedy = f"Name one, such as run: {names[0].partition(' ')[2]}."
        raise FlexError("CPM-160", what, place=f"{place}, run", remedy=remedy)
    for series in found.series:
        if wanted in (series.name, series.name.partition(" ")[2]):
            return series
    allowed = ", ".join(name.partition(" ")[2] or name for name in names[:12])
    raise FlexError(
        "CPM-160", f"there is no run {wanted!r}", place=f"{place}, run", allowed=allowed, remedy="Name one of them."
    )


def _in_words_of_a_case(problem, place):
    remedy, where = _as_keys(problem.remedy), _as_keys(problem.place)
    return FlexError(
        problem.code, _as_keys(problem.what), place=f"{place}: {where}", allowed=problem.allowed, remedy=remedy
    )


def _as_keys(text):
    """A sentence on options of the command line as one on keys of a case.

    Example:
        >>> _as_keys("Choose --gaps hold, or name it with --time-column.")
        'Choose gaps: hold, or name it with time_column.'
    """
    for option, key in _AS_KEYS:
        text = re.sub(option, key, text)
    return text
