"""What commands that simulate have in common: seed, confidence, and refusing all that is wrong at once."""

import click

_MOST_SEED = 2**64 - 1
_SLACK = 1e-13
SEED, CONFIDENCE = 1, "90%"

seed_option = click.option(
    "--seed", type=click.IntRange(0, _MOST_SEED), help=f"The same seed gives the same figures.  [default: {SEED}]"
)
confidence_option = click.option(
    "--confidence",
    help=f"Share of years that are better than the one that the downside reserve covers.  [default: {CONFIDENCE}]",
)


def read_to_simulate(file, draws, confidence, years=None, workers=None, **options):
    """(Portfolio, programme library or None, confidence as a share).

    Args:
        file, options: as of `read_with_options`.
        draws, years, workers: as of `simulate_portfolio`.
        confidence: as typed; None for the usual.

    Raises:
        FlexError, FlexErrors: what is wrong with the file, the draws and the confidence, all at once.
    """
    from flexrev_xl.analysis.simulate import option_faults, simulation_faults
    from flexrev_xl.cli.budget import read_with_options
    from flexrev_xl.errors import FlexError, refuse

    share, faults = _share(confidence or CONFIDENCE)
    try:
        portfolio, programmes = read_with_options(file, **options)
    except FlexError as e:
        refuse([*e.problems, *faults, *option_faults(draws)])
    if faults:
        refuse([*faults, *simulation_faults(portfolio, programmes, draws=draws, years=years, workers=workers)])
    return portfolio, programmes, share


def _share(text):
    """(a share of years typed as 90%, 0.9 or 90, None where it cannot be; faults)."""
    from flexrev_xl.analysis.simulate import OPTIONS
    from flexrev_xl.core.arguments import Quantity
    from flexrev_xl.errors import FlexError
    from flexrev_xl.readers.text import number_from_text

    low, high = OPTIONS["confidence"]
    try:  # 99.9 / 100 is a little more than 0.999
        share = Quantity("fraction", "", low, high + _SLACK, percent_number=True).read(number_from_text(text))
        return round(share, 12), []
    except FlexError as e:
        return None, [e.at("--confidence")]
