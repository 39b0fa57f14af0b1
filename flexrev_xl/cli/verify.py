"""The command that checks a workbook."""

from pathlib import Path

import click

from flexrev_xl.cli import DIFFERENCES

_SHOWN = 50


@click.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--engine",
    type=click.Choice(["formualizer", "libreoffice"]),
    default="formualizer",
    show_default=True,
    help="What recalculates the workbook.",
)
@click.option(
    "--template", type=click.Path(path_type=Path), help="The template it was built from, where that is your own."
)
@click.option(
    "--programmes", type=click.Path(path_type=Path), help="The YAML file of your own programmes it was built with."
)
@click.pass_context
def verify(ctx, book, as_json, engine, template, programmes):
    """Check a budget workbook: its formulas, its stored results, its lines against the core.

    Exit code 0 when all agree, 3 when something differs.
    """
    from flexrev_xl.cli.console import print_json, progress
    from flexrev_xl.workbook.verify import verify_workbook

    entries = None
    if programmes is not None:
        from flexrev_xl.readers.programme_file import read_programmes

        entries = read_programmes(programmes)
    with progress(4) as say:
        report = verify_workbook(book, engine=engine, template=template, programmes=entries, progress=say)
    if as_json:
        print_json(report.as_json())
    else:
        for difference in report.differences[:_SHOWN]:
            click.echo(str(difference))
        if len(report.differences) > _SHOWN:
            click.echo(f"... and {len(report.differences) - _SHOWN} more (--json lists them all)")
        for note in report.notes:
            click.echo(f"Note: {note}")
        verdict = (
            "all agree"
            if not report.differences
            else f"{len(report.differences)} difference{'s' if len(report.differences) > 1 else ''}"
        )
        click.echo(f"{book}: {report.formulas:,} formulas and {report.lines:,} lines compared, {verdict}")
    if report.differences:
        ctx.exit(DIFFERENCES)
