"""The group cpm: the battery that a load needs, and cases of compute per megawatt."""

from pathlib import Path

import click

from flexrev_xl.core.cpm.compute import DEFAULTS

_CASE = click.argument("file", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def cpm():
    """Compute per megawatt: what storage and power caps are worth behind one grid connection.

    Start with `flexrev cpm new case.yaml`, then `flexrev cpm report case.yaml`.
    """


def _default(key):
    return f"[default: {DEFAULTS[key].value:.0%}]"


_SIZE_OPTIONS = (
    click.option(
        "--load", "loads", type=click.Path(path_type=Path), multiple=True, required=True,
        help="A CSV or Parquet trace of power; several are several runs.",
    ),
    click.option("--grid-mw", required=True, metavar="MW", help="Power contracted from the grid, at the meter."),
    click.option("--unit", help="W, kW or MW, where the heading of the load does not say it."),
    click.option("--interval", metavar="SECONDS", help="Time between readings, where there are no stamps, or the one wanted."),
    click.option("--column", "columns", multiple=True, help="Heading of the load, where more than one could be; several are several runs."),
    click.option("--time-column", help="Heading of the time, where more than one could be."),
    click.option(
        "--gaps", type=click.Choice(["refuse", "hold", "drop"]), default="refuse", show_default=True,
        help="What is done about readings that are missing or cannot be used.",
    ),
    click.option("--decimal", type=click.Choice(["point", "comma"]), default="point", show_default=True, help="Decimal mark of a CSV."),
    click.option("--round-trip-efficiency", metavar="SHARE", help=f"Of the battery, AC to AC {_default('round_trip_efficiency')}."),
    click.option("--charge-mw", metavar="MW", help="Power to charge with; all that the grid leaves when left out."),
    click.option("--battery-mw", metavar="MW", help="Ask about a battery of this power."),
    click.option("--battery-mwh", metavar="MWH", help="Ask about a battery of this nameplate energy."),
    click.option("--depth", metavar="SHARE", help=f"Of nameplate energy that may be cycled {_default('depth')}."),
    click.option("--end-of-life", metavar="SHARE", help=f"Of nameplate energy that is left in the last year {_default('end_of_life')}."),
    click.option("--auxiliaries", metavar="SHARE", help="Load of the battery's own, of its power [default: 0%]."),
    click.option("--mlperf", is_flag=True, help="The trace is from logs of MLPerf submissions."),
)  # fmt: skip


def _with(options):
    def decorate(command):
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@cpm.command()
@_with(_SIZE_OPTIONS)
@_JSON
def size(loads, columns, as_json, mlperf, gaps, decimal, unit, interval, time_column, **terms):
    """Size the battery that a load needs under a grid limit, and say what a given one carries."""
    from flexrev_xl.analysis.cpm_size import SizeTerms, size_battery
    from flexrev_xl.cli.console import print_json, progress
    from flexrev_xl.errors import FlexError, refuse
    from flexrev_xl.readers.telemetry import read_telemetry

    problems, traces, numbers, asked = [], [], {}, None
    for key, text in {**terms, "interval": interval}.items():
        try:
            numbers[key] = None if text is None else _number(text, key)
        except FlexError as e:
            problems += e.problems
    how = {"time_column": time_column, "unit": unit, "gaps": gaps, "decimal": "," if decimal == "comma" else "."}
    how["interval_seconds"] = numbers.pop("interval", None)
    try:
        # What is no number is told already; the rest is held against its range all the same.
        asked = SizeTerms(**{"grid_mw": 1.0} | {key: value for key, value in numbers.items() if value is not None})
    except FlexError as e:
        problems += e.problems
    with progress(len(loads) * max(1, len(columns)) + 1) as say:
        for path in loads:
            for column in columns or (None,):
                say(path.name)
                try:
                    traces.append(read_telemetry(path, column=column, **how))
                except FlexError as e:
                    problems += e.problems
        refuse(problems)
        say("sizing")
        series = _named([each for trace in traces for each in trace.series], traces)
        resolution = max(trace.read.resolution_seconds for trace in traces)
        sized = size_battery(series, asked, resolution, mlperf)
    told = [sentence for trace in traces for sentence in trace.read.sentences]
    if as_json:
        print_json({"read": told, **sized.as_json()})
    else:
        from flexrev_xl.cli.cpm_show import show_size

        show_size(sized, told)


def _named(series, traces):
    """The runs, each under a name of its own: that of its file where several give the same."""
    from dataclasses import replace

    names = [each.name for each in series]
    if len(set(names)) == len(names):
        return series
    of_file = [f"{trace.read.source} {each.name}" for trace in traces for each in trace.series]
    return [
        replace(each, name=f"{name} ({number})" if of_file.count(name) > 1 else name)
        for number, (each, name) in enumerate(zip(series, of_file, strict=True), start=1)
    ]


def _number(text, key):
    """A number as typed; a refusal names its option."""
    from flexrev_xl.errors import FlexError
    from flexrev_xl.readers.text import number_from_text

    place = f"--{key.replace('_', '-')}"
    try:
        value = number_from_text(text)
    except FlexError as e:
        raise e.at(place) from None
    if isinstance(value, str):
        raise FlexError("FLEX-002", f"{value[:40]!r} is not a number", place=place)
    return value


@cpm.command()
@_CASE
@_JSON
def optimise(file, as_json):
    """Find the power cap, GPUs and battery that earn most in a year for the case in FILE."""
    from flexrev_xl.analysis.cpm_optimise import optimise_case
    from flexrev_xl.cli.console import print_json, progress
    from flexrev_xl.readers.cpm_case_file import read_cpm_case

    case = read_cpm_case(file)
    with progress(None) as say:
        found = optimise_case(case, progress=say)
    if as_json:
        print_json(found.as_json())
    else:
        from flexrev_xl.cli.cpm_show import show_optimum

        show_optimum(found)


@cpm.command()
@_CASE
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write a workbook (.xlsx) instead of printing.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="A restyled copy of the shipped template to build from."
)
@click.option("--force", is_flag=True, help="Overwrite the output.")
@click.option("--allow-loss", is_flag=True, help="Build though parts of the template would be lost.")
@_JSON
def report(file, output, template, force, allow_loss, as_json):
    """Work the case in FILE out: GPUs in three states, what cap and battery add, and what that is worth."""
    from flexrev_xl.analysis.cpm_case import cpm_case
    from flexrev_xl.cli.console import print_json, progress
    from flexrev_xl.errors import FlexError
    from flexrev_xl.readers.cpm_case_file import read_cpm_case
    from flexrev_xl.workbook.files import check_output

    if template is not None and output is None:
        raise FlexError("FLEX-203", "a template is for a workbook", place="--template", remedy="Name one with -o.")
    if output is not None:
        if output.suffix.lower() != ".xlsx":
            what, remedy = f"{output.name} is not an .xlsx", "Give a name that ends in .xlsx."
            raise FlexError("FLEX-202", what, place="--output", remedy=remedy)
        check_output(output, force)
    with progress(None) as say:
        say("reading")
        result = cpm_case(read_cpm_case(file), progress=say)
        if output is not None:
            from flexrev_xl.workbook.cpm_build import build_cpm_workbook

            how = {"template": template, "force": force, "allow_loss": allow_loss}
            build_cpm_workbook(result, output, source=file.name, progress=say, **how)
    if as_json:
        print_json(result.as_json())
    elif output is None:
        from flexrev_xl.cli.cpm_show import show_case

        show_case(result)
    if output is not None:
        for warning in result.warnings:
            click.echo(f"Look at: {warning}", err=True)
        click.echo(f"Written: {output}", err=as_json)


@cpm.command()
@click.argument("file", type=click.Path(path_type=Path), default="case.yaml")
@click.option("--currency", default="USD", show_default=True, help="USD, or INR for storage as a service in India.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def new(file, currency, force):
    """Write a case to start from, every key explained: FILE is a .yaml [default: case.yaml]."""
    from flexrev_xl.errors import FlexError
    from flexrev_xl.portfolio.cpm_starter import starter_case
    from flexrev_xl.readers.cpm_case_file import ENDINGS
    from flexrev_xl.workbook.files import write_file

    if file.suffix.lower() not in ENDINGS:
        what, allowed = f"{file.suffix or 'a file without ending'} is not written", ", ".join(ENDINGS)
        raise FlexError("FLEX-102", what, place=file, allowed=allowed, remedy="Give a name that ends in .yaml.")
    write_file(file, starter_case(currency, file.name).encode(), force)
    click.echo(f"Written: {file}. Replace its example with your site, then: flexrev cpm report {file}")
