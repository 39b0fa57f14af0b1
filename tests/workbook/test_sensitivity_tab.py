"""The Sensitivity tab: tornado, grid and break-evens as the core has them, live after a change, and told where not exact."""

import io
import json

import pytest
from click.testing import CliRunner

from flexrev_xl.analysis.sensitivity import DRIVERS, HOURS_FACTORS, Lines, sensitivity
from flexrev_xl.cli import main
from flexrev_xl.readers.portfolio import read_portfolio
from flexrev_xl.workbook.engines import recalculated
from flexrev_xl.workbook.sheets import levers
from flexrev_xl.workbook.sheets import sensitivity as tab
from flexrev_xl.workbook.starter import demo_portfolio
from flexrev_xl.workbook.verify import verify_workbook
from tests.workbook import generated
from tests.workbook.book import Book
from tests.workbook.making import OTHER, SITE, built, changed, made, opened, with_formula, with_stored, with_text

ROW_OF = dict(tab.rows())
LOSING = {**SITE, "dispatch_hours": 200, "marginal_cost": 2_000}


def cell(key, driver):
    """The address of a column in the row of a driver."""
    return f"{tab.LETTER[key]}{ROW_OF[driver]}"


class Shown:
    """What the tab of a workbook shows."""

    def __init__(self, data):
        self.sheet = Book(data).stored[tab.TITLE]

    def of(self, key):
        """A column of the table of drivers, by driver."""
        return {driver: self.sheet[cell(key, driver)].value for driver in DRIVERS}

    @property
    def grid(self):
        """The nets of the grid, row by row."""
        rows = range(tab.FIRST_ROW, tab.LAST_GRID_ROW + 1)
        return [[self.sheet[f"{tab.LETTER[f'net_{p}']}{row}"].value for p in levers.PERFORMANCES] for row in rows]

    @property
    def ranked(self):
        """(driver's label, change at low, change at high), the widest first."""
        keys = ("ranked", "down", "up")
        rows = range(tab.FIRST_ROW, tab.LAST_ROW + 1)
        return [tuple(self.sheet[f"{tab.LETTER[key]}{row}"].value for key in keys) for row in rows]


def rounding(lines, **factors):
    """What a net may be off by: 1e-9 of the largest sum that it is made of."""
    values = lines.values(**factors)
    keys = ("gross_revenue", "penalties", "operating_cost", "buyout_cost", "test_charges")
    return 1e-9 * max(abs(values[key]).sum() for key in keys)


def assert_is_core(data, portfolio, spread=0.10, target=0.0, **factors):
    """Every figure of the tab is the core's, and every break-even that is called exact is one."""
    shown, result = Shown(data), sensitivity(portfolio, spread, target, **factors)
    lines = result.lines
    nets = {bar.driver: (bar.net_low, bar.net_high) for bar in result.tornado}
    widest = {bar.driver: bar.width for bar in result.tornado}
    for driver in DRIVERS:
        off = max(rounding(lines), rounding(lines, **{driver: 1.0 + spread}))
        assert nets[driver] == pytest.approx((shown.of("net_low")[driver], shown.of("net_high")[driver]), abs=off)
        assert widest[driver] == pytest.approx(shown.of("width")[driver], abs=max(2 * off, 0.0005))
    for h, row in zip(result.hours_factors, shown.grid, strict=True):
        for p, net in zip(result.performance_factors, row, strict=True):
            off = max(rounding(lines), rounding(lines, dispatch_hours=h, performance=p))
            assert lines.net(dispatch_hours=h, performance=p) == pytest.approx(net, abs=off)
    widths = [shown.of("width")[driver] for driver in sorted(DRIVERS, key=shown.of("rank").get)]
    assert sorted(widths, reverse=True) == widths
    assert sorted(shown.of("rank").values()) == list(range(1, len(DRIVERS) + 1))
    for driver, factor in shown.of("factor").items():
        if shown.of("verdict")[driver] == tab.EXACT:
            off = max(0.005, rounding(lines, **{driver: factor}))
            assert target == pytest.approx(lines.net(**{driver: factor}), abs=off)


def assert_finds_every_root(data, portfolio, target=0.0):
    """Each break-even and its value is the core's, and there is none where the core has none."""
    shown = Shown(data)
    for found in sensitivity(portfolio, target=target).break_even:
        factor, value = (shown.of(key)[found.driver] for key in ("factor", "value"))
        if found.factor is None:
            assert ("none", "none") == (factor, value)
        else:
            assert found.factor == pytest.approx(factor, rel=1e-7, abs=1e-12)
            assert ("none" if found.value is None else pytest.approx(found.value, rel=1e-7, abs=1e-9)) == value


def read_back(data, folder):
    """The portfolio of a workbook's bytes."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return read_portfolio(path)


def typed(data, **cells):
    """A workbook with cells typed anew, as Sheet_A1=value, and everything recalculated."""

    def edit(workbook):
        for place, value in cells.items():
            title, _, address = place.rpartition("_")
            workbook[title][address] = value

    return changed(data, edit)


def test_demo(demo_book):
    """The demo's tab shows what `flexrev sensitivity` shows."""
    assert_is_core(demo_book, demo_portfolio())
    assert_finds_every_root(demo_book, demo_portfolio())


@pytest.mark.parametrize("seed", generated.FIRST_MONTHS)
@pytest.mark.parametrize("first", range(len(generated.SCENARIOS)))
def test_generated(seed, first, tmp_path):
    """So does that of portfolios with every unit, kind, limit and currency, and scenarios with exceptions."""
    source = tmp_path / "portfolio.yaml"
    source.write_text(json.dumps(generated.portfolio(seed)), "utf-8")
    portfolio = read_portfolio(source)
    portfolio = portfolio.model_copy(update={"scenarios": portfolio.scenarios[first:], "years": 1})
    data = built(portfolio)
    assert_is_core(data, portfolio)
    assert_finds_every_root(data, portfolio)


LIVE = {
    "rate and performance": {"Inputs_I15": 250.0, "Inputs_P15": 0.85},
    "hours, penalties and a limit": {"Inputs_M15": 45.0, "Inputs_T15": 2_000.0, "Inputs_V15": 5_000.0, "Inputs_W15": "none"},
    "one site at another scenario's performance": {"Scenarios_D8": 0.9, "Scenarios_D6": 1.2},
}  # fmt: skip


@pytest.mark.parametrize("cells", LIVE.values(), ids=LIVE)
def test_a_changed_input_moves_everything(cells, small_book, tmp_path):
    """After inputs are typed anew and recalculated, all figures are those of the changed portfolio."""
    data = typed(small_book, **cells)
    portfolio = read_back(data, tmp_path)
    assert_is_core(data, portfolio)
    assert Shown(data).of("net_low") != Shown(small_book).of("net_low")
    exact = [driver for driver, verdict in Shown(data).of("verdict").items() if verdict == tab.EXACT]
    assert [f.driver for f in sensitivity(portfolio).break_even if f.factor is not None] == exact != []


def test_settings_typed_anew(small_book, small_portfolio):
    """Spread, target and the factors of the grid move the figures; the break-evens are those of the new target."""
    hours, performances = (0.25, 0.5, 1.0, 3.0, 10.0), (0.5, 0.75, 0.95, 1.0, 1.5)
    cells = {f"Sensitivity_{tab.LETTER['hours']}{tab.FIRST_ROW + n}": factor for n, factor in enumerate(hours)}
    cells |= {f"Sensitivity_{tab.LETTER[f'net_{p}']}{tab.FACTORS_ROW}": f for p, f in enumerate(performances, start=1)}
    data = typed(small_book, Sensitivity_C6=0.25, Sensitivity_C7=100_000.0, **cells)
    options = {"hours_factors": hours, "performance_factors": performances}
    assert_is_core(data, small_portfolio, 0.25, 100_000.0, **options)
    lines = Lines(small_portfolio)
    for driver, factor in Shown(data).of("factor").items():
        assert factor == "none" or 100_000.0 == pytest.approx(lines.net(**{driver: factor}), abs=0.01)
    assert any(verdict == tab.EXACT for verdict in Shown(data).of("verdict").values())


def test_libreoffice_recalculates_it(small_book, tmp_path):
    """LibreOffice gives the same after a change that it recalculates itself."""
    workbook = opened(small_book)
    workbook["Inputs"]["I15"], workbook["Sensitivity"]["C7"] = 280.0, 50_000.0
    buffer = io.BytesIO()
    workbook.save(buffer)
    data = recalculated(buffer.getvalue())
    assert_is_core(data, read_back(data, tmp_path), target=50_000.0)
    assert tab.EXACT == Shown(data).of("verdict")["capacity_rate"]


def test_break_even_value_where_rows_share_one():
    """One row of 10 MW: its break-even is told in the driver's own unit; with rows that differ it is not."""
    portfolio = made([LOSING], [{"name": "Plan"}])
    one = Shown(built(portfolio))
    (found,) = (f for f in sensitivity(portfolio).break_even if f.driver == "dispatch_hours")
    assert (200, found.value) == (one.of("now")["dispatch_hours"], pytest.approx(one.of("value")["dispatch_hours"]))
    two = Shown(built(made([LOSING, {**LOSING, "site": "Boston", "dispatch_hours": 20}], [{"name": "Plan"}])))
    assert ("differs by row", "none") == (two.of("now")["dispatch_hours"], two.of("value")["dispatch_hours"])


def test_rates_in_two_units_share_no_value():
    """The same number in another unit is another rate."""
    rows = [{**SITE, "capacity_rate": 5, "rate_unit": unit, "site": unit} for unit in ("MW-month", "kW-month")]
    assert "differs by row" == Shown(built(made(rows))).of("now")["capacity_rate"]
    assert 1150 == Shown(built(made(rows))).of("now")["penalty_rate"]


def test_verdict_where_the_search_does_not_arrive(small_book):
    """A target out of reach of what was found when built asks for another start; in words, not as a failed check."""
    far = typed(small_book, Sensitivity_C7=1e12)
    assert ("search again from another start", "none") == tuple(
        Shown(far).of(key)["performance"] for key in ("verdict", "factor")
    )
    assert 0 == Book(far).stored["Checks"]["D6"].value


def test_a_start_on_a_level_stretch(small_book):
    """From where the stop-loss holds the net level the search goes on from 1, where it is not level."""
    shown = Shown(typed(small_book, Inputs_I15=250.0, Inputs_P15=0.85))
    assert (tab.EXACT, 63.74) == (shown.of("verdict")["penalty_rate"], round(shown.of("start")["penalty_rate"], 2))
    assert 15.59 == round(shown.of("factor")["penalty_rate"], 2)


def test_no_break_even(small_book):
    """Where no factor makes the net 0 the tab says so, with the words of the search when it was built."""
    shown = Shown(small_book)
    assert ("none", "none", "none found when built") == tuple(
        shown.of(key)["energy_rate"] for key in ("start", "factor", "verdict")
    )
    assert shown.of("source")["energy_rate"].startswith("When built: net stays above 0 at every energy rate")


def test_a_driver_that_is_0_on_every_row():
    """A driver that no row has moves nothing and breaks even nowhere, also where the net is the target."""
    data = built(made([OTHER], [{"name": "Plan"}]))
    base = Book(data).stored[tab.TITLE]["C8"].value
    shown = Shown(typed(data, Sensitivity_C7=base))
    assert (base, base, 0, "none") == tuple(
        shown.of(key)["energy_rate"] for key in ("net_low", "net_high", "width", "factor")
    )
    assert 1 == shown.of("factor")["capacity_rate"]


def test_ranked_for_the_chart(demo_book):
    """The tornado's rows are the drivers by width, as changes from the base."""
    bars = sensitivity(demo_portfolio()).tornado
    base = Lines(demo_portfolio()).base_net
    expected = [(bar.net_low - base, bar.net_high - base) for bar in bars]
    assert [pytest.approx(pair, abs=0.01) for pair in expected] == [pair[1:] for pair in Shown(demo_book).ranked]
    assert ["Performance", "Customer share"] == [name for name, *_ in Shown(demo_book).ranked[:2]]


def verified(data, folder):
    """What verify finds in a workbook's bytes."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return [(d.sheet, d.cell, d.code) for d in verify_workbook(path).differences]


def test_what_is_typed_is_nobody_elses(small_book, tmp_path):
    """A spread, a target, factors and a start typed anew are no differences."""
    start = {
        f"Sensitivity_{cell('start', 'capacity_rate')}": 0.4,
        f"Sensitivity_{cell('source', 'capacity_rate')}": "me",
    }
    data = typed(small_book, Sensitivity_C6=0.2, Sensitivity_C7=1_000, Sensitivity_D7="board", **start)
    assert [] == verified(data, tmp_path)


def test_verify_finds_what_was_changed(small_book, tmp_path):
    """A formula of either tab, a stored net and a driver's name are found in their cells."""
    net = cell("net_low", "performance")
    case = next(
        c.coordinate for c in opened(small_book)[levers.TITLE][levers.FIRST_ROW] if "$AX13)*$AP13" in str(c.value)
    )
    for title, address, data in (
        (levers.TITLE, case, with_formula(small_book, levers.TITLE, [case], lambda f: f"{f}+0")),
        (tab.TITLE, net, with_formula(small_book, tab.TITLE, [net], lambda f: f"{f}*1")),
        (tab.TITLE, net, with_stored(small_book, tab.TITLE, net, "12345")),
        (tab.TITLE, "A13", with_text(small_book, tab.TITLE, "A13", "Weather")),
    ):
        assert (title, address) in [found[:2] for found in verified(data, tmp_path)]


def test_verify_holds_the_tab_against_the_core(small_book, tmp_path):
    """Formulas and results that agree with each other, but not with the core, are found."""
    row = tab.FIRST_ROW
    data = changed(small_book, lambda book: book[tab.TITLE].__setitem__(f"{tab.LETTER['net_low']}{row}", 1.0))
    assert (tab.TITLE, f"{tab.LETTER['net_low']}{row}") in [found[:2] for found in verified(data, tmp_path)]


@pytest.mark.parametrize(
    ("cells", "check"),
    [
        ({"Sensitivity_C6": "ten"}, "Sensitivity: spread and target are numbers"),
        ({f"Sensitivity_{tab.LETTER['hours']}12": "half"}, "Sensitivity: factors of the grid are numbers"),
    ],
)
def test_checks_of_what_is_typed(cells, check, small_book):
    """Words for a spread or a factor fail a check of their own."""
    workbook = opened(small_book)
    for place, value in cells.items():
        title, _, address = place.rpartition("_")
        workbook[title][address] = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    rows = Book(recalculated(buffer.getvalue())).stored["Checks"].iter_rows(min_row=7, values_only=True)
    assert check in [row[0] for row in rows if row[3] == 1]


def test_charts_are_described(small_book):
    """Both charts tell who cannot see them what they show."""
    parts = Book(small_book).parts
    described = [text for name, text in parts.items() if name.startswith("xl/drawings/drawing") and b"Tornado" in text]
    assert [2] == [text.count(b"descr=") for text in described]


def test_a_workbook_built_again_keeps_what_is_typed(small_book, tmp_path):
    """Spread, target and factors stay; every search starts at the break-even of that target; a wrong cell is refused."""
    book = tmp_path / "book.xlsx"
    first_factor = {f"Sensitivity_{tab.LETTER['hours']}{tab.FIRST_ROW}": 0.3}
    book.write_bytes(typed(small_book, Sensitivity_C6=0.25, Sensitivity_C7=250_000, **first_factor))
    again = tmp_path / "again.xlsx"
    result = CliRunner().invoke(main, ["build", str(book), "-o", str(again)])
    assert (0, "") == (result.exit_code, result.stderr)
    hours = (0.3, *HOURS_FACTORS[1:])
    assert_is_core(again.read_bytes(), read_portfolio(again), spread=0.25, target=250_000, hours_factors=hours)
    book.write_bytes(typed(small_book, Sensitivity_C6=2.0, **dict.fromkeys(first_factor, 150.0)))
    result = CliRunner().invoke(main, ["build", str(book), "-o", str(again), "--force"])
    told = [line.split(":")[0] for line in result.stderr.splitlines()]
    assert (
        1,
        ["FLEX-003 Sensitivity!C6", f"FLEX-003 Sensitivity!{tab.LETTER['hours']}{tab.FIRST_ROW}", "2 mistakes."],
    ) == (result.exit_code, told)
