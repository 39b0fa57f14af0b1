"""What to look at twice in the scenarios of a budget: rates put in one place for all, hours, and cases that earn the wrong way round."""

BASE = "Base"
EXPECTED_ORDER = ("Conservative", BASE, "Optimistic")
_DOWNSIDE = ("conservative", "downside", "pessimistic", "stress", "worst", "adverse")
_UPSIDE = ("optimistic", "upside", "best")
_DRIVEN = ("scenario_hours", "scenario_performance", "rate_per_mw_year", "rate_per_mwh")


def base_of(scenarios):
    """The scenario that others are held against: the one named Base, else the first."""
    return next((s for s in scenarios if s.name == BASE), scenarios[0])


def scenario_warnings(scenarios, portfolio):
    """Every warning about the scenarios.

    Args:
        scenarios: ScenarioBudgets.
        portfolio: the Portfolio that they are of.
    """
    yield from _replaced_rate_warnings(portfolio)
    yield from _hours_warnings(scenarios, portfolio)
    yield from _direction_warnings(scenarios)


def direction_of(scenario, base):
    """-1 for a downside case, 1 for an upside case, 0 for neither.

    Its name says so, or its drivers do: none above those of the base on any line and one below, or the other way round.
    """
    name = scenario.name.lower()
    for words, direction in ((_DOWNSIDE, -1), (_UPSIDE, 1)):
        if any(word in name for word in words):
            return direction
    moves = {
        (x.values[key] > y.values[key]) - (x.values[key] < y.values[key])
        for x, y in zip(scenario.lines, base.lines, strict=True)
        for key in _DRIVEN
    } - {0}
    return moves.pop() if len(moves) == 1 else 0


def _direction_warnings(scenarios):
    """A downside case that earns more than the base, an upside case that earns less."""
    base = base_of(scenarios)
    for scenario in scenarios:
        direction = direction_of(scenario, base)
        net, of_base = (s.totals["net_revenue"] for s in (scenario, base))
        if (net - of_base) * direction < 0.0:
            word, side = ("a downside", "above") if direction < 0 else ("an upside", "below")
            yield (
                f"the drivers point the wrong way here: {scenario.name} is {word} case, and its net of {net:,.0f} is {side} "
                f"the {of_base:,.0f} of {base.name}; more dispatch loses money where penalties and costs exceed what is paid"
            )


def _parts(portfolio):
    """(what is said of all rows or of some, whose it is in words, the rows meant)."""
    for scenario in portfolio.scenarios:
        yield scenario, scenario.name, portfolio.enrolments
        for part in scenario.exceptions:
            rows = [row for row in portfolio.enrolments if part.fits(row)]
            yield part, f"{scenario.name} ({part.who})", rows


def _replaced_rate_warnings(portfolio):
    """One rate in the place of rates that some rows have not, or have in another unit."""
    for part, name, rows in _parts(portfolio):
        for driver, unit in (("capacity_rate", "rate_unit"), ("energy_rate", "energy_unit")):
            if driver not in part.absolutes:
                continue
            none = sum(not getattr(e, driver) for e in rows)
            units = dict.fromkeys(getattr(e, unit).name for e in rows)
            currencies = dict.fromkeys(e.currency for e in rows)
            said = [f"{none} of {len(rows)} rows have none of their own"] if none else []
            said += [f"it is read in {' and '.join(found)} alike" for found in (units, currencies) if len(found) > 1]
            if said:
                yield f"scenario {name} puts one {driver} in the place of every row's: {'; '.join(said)}"


def _hours_warnings(scenarios, portfolio):
    """Scenarios that dispatch a row for more hours than its days in a budget year have, or give seasons the whole each."""
    for scenario in scenarios:
        over = [x.enrolment.place for x in scenario.lines if x.values["scenario_hours"] > 24.0 * x.phasing.days + 1e-9]
        if over:
            more = f" and {len(over) - 1} more lines" if len(over) > 1 else ""
            yield f"scenario {scenario.name} dispatches {over[0]}{more} for more hours than the days paid have"
    for part, name, rows in _parts(portfolio):
        pairs = [(row.site, row.programme) for row in rows]
        if "dispatch_hours" in part.absolutes and len(set(pairs)) < len(pairs):
            hours = part.absolutes["dispatch_hours"]
            yield f"scenario {name} gives each season of a programme {hours:g} dispatch hours, not all seasons together"
