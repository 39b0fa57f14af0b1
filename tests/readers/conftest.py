"""Files written and read in one step."""

import pytest

from flexrev_xl.errors import FlexError
from flexrev_xl.readers.portfolio import read_portfolio


@pytest.fixture
def read(tmp_path):
    """A function: text or bytes written under a name and read as a portfolio."""

    def read_file(name, content, /, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_portfolio(path, **options)

    return read_file


@pytest.fixture
def refused(read):
    """A function: the mistakes, as FlexErrors, that reading such a file tells."""

    def problems(name, content, /, **options):
        with pytest.raises(FlexError) as told:
            read(name, content, **options)
        return told.value.problems

    return problems
