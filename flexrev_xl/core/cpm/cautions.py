"""The sentences that stand beside figures of compute per megawatt, each where it applies."""

from flexrev_xl.core.cpm.load import resolution_note

MLPERF = "Derived from MLPerf logs; not verified by MLCommons Association."
APPROVAL = (
    "The utility's approval to connect more load than the firm limit, with a battery holding it there, is assumed."
)
SYNTHETIC = "The load is synthetic: made by a formula, measured nowhere."


def of_trace(interval_seconds, runs=1, from_mlperf=False, is_synthetic=False):
    """The cautions that a trace brings along.

    Args:
        interval_seconds: the resolution of the trace as it was measured [s]; not what it was resampled to.
        runs: how many independent runs the figure rests on, from 1 up.
        from_mlperf: whether it derives from logs of MLPerf submissions.
        is_synthetic: whether a formula made it.

    Returns:
        list of sentences.

    Example:
        >>> for sentence in of_trace(2.0, from_mlperf=True):
        ...     print(sentence)
        Readings are means over 2 s: faster swings are hidden, so that peak, steps and ramps are lower bounds.
        One run is one sample: another run, model or site gives another figure.
        Derived from MLPerf logs; not verified by MLCommons Association.
    """
    sentences = [resolution_note(interval_seconds)]
    if runs <= 1:
        sentences.append("One run is one sample: another run, model or site gives another figure.")
    if from_mlperf:
        sentences.append(MLPERF)
    if is_synthetic:
        sentences.append(SYNTHETIC)
    return sentences


def of_limit(grid_mw, load_mw, reserved_mwh=0.0):
    """The cautions of a load that a battery holds to the grid's limit.

    Args:
        grid_mw: firm limit of the grid connection [MW].
        load_mw: peak of the load with the battery out of service [MW].
        reserved_mwh: energy kept in the battery for smoothing [MWh]; 0 where none is.

    Returns:
        list of sentences; none of approval where the load stays within the limit by itself.

    Example:
        >>> for sentence in of_limit(100.0, 104.2, 0.05)[1:]:
        ...     print(sentence)
        With the battery out, the load is up to 104.2 MW, 4.2 MW above the limit of 100 MW: it must be shed or capped.
        0.05 MWh are reserved for smoothing and are not sold to demand response.
    """
    over = load_mw - grid_mw
    if over > 0.0:
        sentences = [
            APPROVAL,
            f"With the battery out, the load is up to {load_mw:,.6g} MW, {over:,.6g} MW above the limit of "
            f"{grid_mw:,.6g} MW: it must be shed or capped.",
        ]
    else:
        sentences = [
            f"With the battery out, the load is up to {load_mw:,.6g} MW, within the limit of {grid_mw:,.6g} MW."
        ]
    if reserved_mwh > 0.0:
        sentences.append(f"{reserved_mwh:,.6g} MWh are reserved for smoothing and are not sold to demand response.")
    return sentences
