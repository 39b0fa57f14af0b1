"""Where the case of a budget comes from: a file that is worked out, or the tabs of the workbook that is read back."""

import os
from pathlib import Path


def case_of_build(case_file, portfolio_file, progress=None):
    """The record of the case that joins a budget.

    Args:
        case_file: a case in YAML, or None.
        portfolio_file: what the portfolio was read from; where no case is given, the one that its YAML names under
            `cpm` is taken, or the one that a workbook holds is kept.
        progress: called with a word for each stage.

    Returns:
        CaseRecord, or None where there is no case.

    Raises:
        FlexError, FlexErrors: what reading and working out refuse.
    """
    path = Path(portfolio_file)
    if case_file is None and path.suffix.lower() in (".yaml", ".yml"):
        from flexrev_xl.readers import yaml_file

        case_file = yaml_file.case_file(path)
    if case_file is not None:
        from flexrev_xl.analysis.cpm_case import cpm_case
        from flexrev_xl.readers.cpm_case_file import read_cpm_case
        from flexrev_xl.workbook.cpm_record import of_result

        return of_result(cpm_case(read_cpm_case(case_file), progress=progress))
    return _kept(path) if path.suffix.lower() == ".xlsx" and os.path.isfile(path) else None


def _kept(path):
    """The record of the case that a workbook holds, or None."""
    import warnings

    from openpyxl import load_workbook

    from flexrev_xl.readers.safe_zip import check_workbook_file

    check_workbook_file(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of extensions that it does not read
        titles = load_workbook(path, read_only=True)
        names = list(titles.sheetnames)
        titles.close()
        from flexrev_xl.workbook import cpm_read, cpm_tabs

        if not set(cpm_tabs.TITLES) <= set(names):
            return None
        return cpm_read.read(load_workbook(path, data_only=True))
