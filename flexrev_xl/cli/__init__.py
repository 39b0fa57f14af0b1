"""The command line. Commands are imported when they are called, and what they need inside them.

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 a check found differences, 130 stopped by Ctrl-C.
"""

import importlib
import os
import sys
import warnings

import click

from flexrev_xl import __version__
from flexrev_xl.errors import FlexError

_COMMANDS = {
    "demo": "budget",
    "new": "budget",
    "build": "budget",
    "calc": "budget",
    "simulate": "simulate",
    "sensitivity": "sensitivity",
    "verify": "verify",
    "call": "functions",
    "functions": "functions",
    "programmes": "programmes",
    "cpm": "cpm",
}
WRONG_INPUT, DIFFERENCES, STOPPED = 1, 3, 130


class Commands(click.Group):
    """The group of all commands; a refusal becomes a message and an exit code, never a traceback."""

    def list_commands(self, ctx):
        """The commands in the order a new user meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx, name):
        """The command, imported now."""
        if name not in _COMMANDS:
            return None
        return getattr(importlib.import_module(f"flexrev_xl.cli.{_COMMANDS[name]}"), name)

    def resolve_command(self, ctx, args):
        """A misspelt command offers the nearest ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as e:
            from flexrev_xl.errors import nearest

            e.message += nearest(args[0], _COMMANDS)
            raise

    def invoke(self, ctx):
        """Run a command and tell what it refuses."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a pipe on Windows may not know every letter
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", module="openpyxl")  # what it cannot read is told in our words
                return super().invoke(ctx)
        except FlexError as e:
            _tell(e.problems)
        except KeyboardInterrupt:
            click.echo("Stopped; no file was left half written.", err=True)
            ctx.exit(STOPPED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as e:
            if os.environ.get("FLEXREV_DEBUG"):
                raise
            _tell([FlexError("FLEX-900", f"{type(e).__name__}: {e}")])
        ctx.exit(WRONG_INPUT)


def _tell(problems):
    for problem in problems:
        line = "".join(c if c.isprintable() else "?" for c in str(problem))
        click.echo(line, err=True)
    if len(problems) > 1:
        click.echo(f"{len(problems)} mistakes.", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="flexrev", message="%(prog)s %(version)s")
def main():
    """Budgets of grid flexibility revenue: workbooks, figures and checks from one portfolio file.

    Start with `flexrev demo`.
    """
