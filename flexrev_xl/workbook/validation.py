"""Data validation with a prompt and an error text, within the lengths a spreadsheet shows."""

from openpyxl.worksheet.datavalidation import DataValidation

from flexrev_xl.core.arguments import LONGEST_TEXT

LONGEST_PROMPT, LONGEST_TITLE = 255, 32


def validate(sheet, cells, kind, title, prompt, error, **rule):
    """Validate a range of cells; `rule` holds openpyxl's operator and formulas, without an equals sign."""
    validation = DataValidation(type=kind, allow_blank=True, showErrorMessage=True, showInputMessage=True, **rule)
    validation.promptTitle = validation.errorTitle = title[:LONGEST_TITLE]
    validation.prompt, validation.error = prompt[:LONGEST_PROMPT], error[:LONGEST_PROMPT]
    validation.add(cells)
    sheet.add_data_validation(validation)


def validate_text(sheet, cells, title, explanation):
    """One line of text, of what length a portfolio takes."""
    error = f"{title} must be one line of at most {LONGEST_TEXT} characters."
    validate(
        sheet,
        cells,
        "textLength",
        title,
        f"{explanation}. One line of at most {LONGEST_TEXT} characters.",
        error,
        operator="lessThanOrEqual",
        formula1=str(LONGEST_TEXT),
    )


def validate_list(sheet, cells, title, explanation, words, source):
    """One of the words of a list on the Lists tab."""
    validate(sheet, cells, "list", title, f"{explanation}.", f"Choose one of: {', '.join(words)}.", formula1=source)


def validate_number(sheet, cells, title, prompt, error, least, most, kind="decimal"):
    """A number between two bounds, given as formula texts."""
    validate(sheet, cells, kind, title, prompt, error, operator="between", formula1=least, formula2=most)


def validate_number_or_word(sheet, cells, title, prompt, error, least, most, word):
    """A number between two bounds, or one word; bounds and word are formula texts."""
    first = cells.split(":")[0]
    rule = f"OR({first}={word},AND(ISNUMBER({first}),{first}>={least},{first}<={most}))"
    validate(sheet, cells, "custom", title, prompt, error, formula1=rule)
