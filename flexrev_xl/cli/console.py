"""What commands print: JSON, tables that align, progress that is silent when piped."""

import contextlib
import json
import sys

import click


def print_json(value):
    """A value as JSON on standard output."""
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(value, indent=2, ensure_ascii=not unicode))


def print_table(headers, rows, title=None, left=1, whole=()):
    """A table; the first `left` columns are text, the others numbers; columns in `whole` are never broken."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for number, header in enumerate(headers):
        justify = "left" if number < left else "right"
        table.add_column(header, justify=justify, overflow="fold", no_wrap=header in whole)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def money(value):
    """An amount as printed: no decimals, a minus in brackets."""
    return f"({abs(value):,.0f})" if round(value) < 0 else f"{abs(value):,.0f}"


def quantity(value):
    """A physical quantity as printed."""
    return f"{value:,.2f}"


@contextlib.contextmanager
def progress(stages):
    """A function to call at each stage; draws a bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<18}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=stages)

        def say(stage):
            bar.update(task, description=stage, advance=1)

        yield say
