"""Commands for one function at a time: call and functions."""

import re

import click

from flexrev_xl.cli import WRONG_INPUT


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, metavar="ARG...")
@click.option("--json", "as_json", is_flag=True, help="Print the value as JSON.")
@click.pass_context
def call(ctx, name, arguments, as_json):
    """Evaluate one function: flexrev call FLEX_TOTAL_REVENUE 20 120147.05 30 75 95%

    Arguments come in order, or as name=value; a range is written {1;2;3}, a table {a,b;c,d} with rows parted by ;
    and cells by ,. An empty "" is left out.
    """
    from flexrev_xl.cli.console import print_json, print_table
    from flexrev_xl.core.call import ErrorValue, call_cells
    from flexrev_xl.registry import find

    entry = find(name)
    try:
        rows = call_cells(entry, _grids(entry, arguments), lambda problems: problems[0].short)
    except ErrorValue as e:
        click.echo(e.text)
        ctx.exit(WRONG_INPUT)
    single = len(rows) == len(rows[0]) == 1
    if as_json:
        print_json(rows[0][0] if single else rows)
    elif single:
        click.echo(_number(rows[0][0]) if entry.looks_up else f"{_number(rows[0][0])} {entry.unit}")
    else:
        headers = ["", *entry.columns[1:]] if entry.spills else [entry.unit] * len(rows[0])
        print_table(headers, [[_number(c) for c in row] for row in rows], left=int(entry.spills))
    if not (entry.spills or entry.looks_up) and any(isinstance(c, str) for row in rows for c in row):
        ctx.exit(WRONG_INPUT)


def _number(value):
    return f"{round(value, 9):,.15g}" if isinstance(value, float) else str(value)


def _grids(entry, words):
    """The words of the command line as grids of cells, in the order of the arguments."""
    from flexrev_xl.errors import FlexError, refuse

    names = [a.name for a in entry.arguments]
    by_name, problems, position = {}, [], 0
    for word in words:
        match = re.fullmatch(r"([a-z][a-z0-9_]*)=(.*)", word, re.S)
        if match and match[1] in names:
            name, word = match.groups()
        elif match:
            problems.append(
                FlexError("FLEX-022", f"{match[1]!r} is not an argument", place=word, allowed=", ".join(names))
            )
            continue
        elif position < len(names):
            name = names[position]
            position += 1
        else:
            problems.append(FlexError("FLEX-022", "one argument too many", place=repr(word), allowed=entry.usage))
            continue
        if name in by_name:
            problems.append(FlexError("FLEX-022", f"{name} is given twice", place=repr(word)))
        try:
            by_name[name] = _grid(entry.arguments[names.index(name)], word)
        except FlexError as e:
            problems.append(e.at(name))
    refuse(problems)
    return [by_name.get(name) for name in names]


def _table(text):
    """The rows of a table written a,b;c,d; text in quotation marks may hold the signs that part them."""
    from flexrev_xl.errors import FlexError

    rows, quoted = [[""]], False
    for letter in text:
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            rows.append([""])
        elif letter == "," and not quoted:
            rows[-1].append("")
        else:
            rows[-1][-1] += letter
    if quoted:
        raise FlexError(
            "FLEX-022", "a quotation mark is not closed", remedy='Write it twice ("") where it is part of the text.'
        )
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(text):
    from flexrev_xl.readers.text import number_from_text

    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return number_from_text(text)


def _grid(argument, word):
    from flexrev_xl.readers.text import number_from_text

    if argument.is_text:
        return [[word]] if word.strip() else None
    if word.startswith("{") and word.endswith("}"):
        if argument.is_table:
            return _table(word[1:-1])
        return [[number_from_text(cell)] for cell in word[1:-1].split(";")]
    return [[number_from_text(word)]] if word.strip() else None


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def functions(name, as_json):
    """List the Excel functions, or show one: its arguments, a worked example, its source."""
    from flexrev_xl.cli.console import print_json, print_table
    from flexrev_xl.registry import ENTRIES, find

    if name is None:
        if as_json:
            print_json([_described(e) for e in ENTRIES.values()])
        else:
            print_table(
                ["function", "result", "what it gives"], [[e.name, e.unit, e.help] for e in ENTRIES.values()], left=3
            )
        return
    entry = find(name)
    if as_json:
        print_json(_described(entry))
        return
    click.echo(f"{entry.usage}\n{entry.help}\n")
    described = _described(entry)
    rows = [[a["name"], a["unit"], a["allowed"], a["default"], a["help"]] for a in described["arguments"]]
    headers = ["argument", "unit", "allowed", "default", "what it is"]
    print_table(headers, rows, left=5)
    for a in described["arguments"]:
        if "columns" in a:
            rows = [[c["name"], c["unit"], c["allowed"], c["default"], c["help"]] for c in a["columns"]]
            print_table([f"column of {a['name']}", *headers[1:]], rows, left=5)
    result = "a table" if entry.spills else f"{_number(float(entry.example[1]))} {entry.unit}"
    click.echo(f"Example: {entry.example_formula} gives {result}\nSource:  {entry.source}")


def _words(described, default):
    """An argument, or a column of a table, in words."""
    mark = described.mark
    return {"name": described.name, "unit": mark.unit, "allowed": mark.allowed, "default": default, "help": mark.help}


def _described(entry):
    from flexrev_xl.core.entry import REQUIRED

    def default(a):
        return "required" if a.default is REQUIRED else "" if a.default is None else a.shown_default

    return {
        "name": entry.name,
        "usage": entry.usage,
        "help": entry.help,
        "category": entry.category,
        "unit": entry.unit,
        "arguments": [
            {
                **_words(a, default(a)),
                **({"columns": [_words(c, c.shown_default) for c in a.mark.columns]} if a.is_table else {}),
            }
            for a in entry.arguments
        ],
        "example": entry.example_formula,
        "result": entry.example[1],
        "source": entry.source,
    }
