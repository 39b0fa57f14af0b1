"""What a site has: nominations that follow from its resources, and what is refused of them."""

import pytest

from flexrev_xl import nominated_capacity
from flexrev_xl.programmes import library
from tests.portfolio.given import ROW, portfolio, problems

UPS = {"name": "UPS A", "kind": "ups", "power_mw": 10, "energy_mwh": 12, "reserve_mw": 1}
ENGINE = {"name": "Engine", "kind": "generator", "power_mw": 8, "hours": 8, "start_minutes": 10}
TRAINING = {"name": "Training", "kind": "defer", "power_mw": 6, "energy_mwh": 24, "start_minutes": 5}
NOMINATED = {**ROW, "nominated_mw": None, "event_hours": 2.0, "notice_minutes": 10.0}
BARRING = library.find("pjm-rto-2026-27").model_copy(update={"id": "barring", "bars_permits": ("emergency",)})


def made(*resources, **changes):
    """The enrolment of a row without a nomination, at a site with these resources."""
    return portfolio(NOMINATED | changes, resources={"Ashburn": list(resources)}).enrolments[0]


def told(*resources, **changes):
    """What is refused of such a row."""
    return problems(NOMINATED | changes, resources={"Ashburn": list(resources)})


@pytest.mark.parametrize(
    ("changes", "mw"),
    [
        ({}, 5 + 8 + 6),  # 12 MWh over 2 h less 1 MW; 8 MW; 6 MW
        ({"event_hours": 4.0}, 2 + 8 + 6),
        ({"notice_minutes": 5.0}, 5 + 6),
        ({"notice_minutes": None}, 5),
        ({"load_mw": 40.0, "critical_mw": 35.0}, 5 + 8 + 5),
        ({"load_mw": 15.0}, 15),
    ],
)
def test_a_nomination_follows_from_the_resources(changes, mw):
    """It is what FLEX_NOMINATED_CAPACITY gives for the same table and event."""
    row = NOMINATED | changes
    table = [["name", "kind", "power_mw", "energy_mwh", "hours", "reserve_mw", "start_minutes"]]
    table += [[r.get(key) for key in table[0]] for r in (UPS, ENGINE, TRAINING)]
    event = row["event_hours"], row["notice_minutes"] or 0.0, False, row.get("load_mw"), row.get("critical_mw", 0.0)
    assert mw == made(UPS, ENGINE, TRAINING, **changes).nominated_mw == nominated_capacity(table, *event)


def test_a_nomination_of_ones_own_is_kept():
    """Resources do not replace what the row says."""
    assert 3.0 == made(UPS, nominated_mw=3.0).nominated_mw


def test_the_event_of_the_library():
    """Length and notice of an event may come from the programme."""
    row = {"programme": "ca-elrp-2022", "dispatch_hours": 10.0, "capacity_rate": None, "rate_unit": None}
    entry = library.find("ca-elrp-2022").model_copy(update={"hours_per_event": 4.0, "notice_minutes": 0.0})
    row = NOMINATED | row | {"event_hours": None, "notice_minutes": None}
    (line,) = portfolio(row, resources={"Ashburn": [UPS]}, programmes={entry.id: entry}).enrolments
    assert 12 / 4 - 1 == line.nominated_mw


@pytest.mark.parametrize(
    ("resource", "code", "place"),
    [
        ({**UPS, "energy_mwh": None}, "FLEX-030", "resources of Ashburn[0], energy_mwh"),
        ({**UPS, "power_mw": None}, "FLEX-001", "resources of Ashburn[0], power_mw"),
        ({**UPS, "power_mw": float("nan")}, "FLEX-006", "resources of Ashburn[0], power_mw"),
        ({**UPS, "power_mw": "ten"}, "FLEX-002", "resources of Ashburn[0], power_mw"),
        ({**UPS, "reserve_mw": 11}, "FLEX-031", "resources of Ashburn[0], reserve_mw"),
        ({**UPS, "kind": "baterry"}, "FLEX-016", "resources of Ashburn[0], kind"),
        ({**UPS, "permit": "weekends"}, "FLEX-016", "resources of Ashburn[0], permit"),
        ({**UPS, "derat": 0.1}, "FLEX-104", "resources of Ashburn"),
        ({"power_mw": 10}, "FLEX-105", "resources of Ashburn"),
    ],
)
def test_a_resource_that_cannot_stand(resource, code, place):
    """It is refused with its entry and key; the nomination that would follow from it is not asked for besides."""
    (problem,) = told(resource)
    assert (code, place) == (problem.code, problem.place)
    assert problem.remedy


@pytest.mark.parametrize("table", [[5], {"name": "UPS A"}, "UPS A", [[UPS]]])
def test_resources_of_another_shape(table):
    """Anything but a list of mappings is refused as a whole."""
    (problem,) = problems(NOMINATED, resources={"Ashburn": table})
    assert ("FLEX-114", "resources of Ashburn") == (problem.code, problem.place)


def test_a_key_misspelt_and_a_name_twice():
    """The nearest key is offered; a name stands once at a site."""
    (misspelt,) = told({**UPS, "reserve": 1})
    (twice,) = told(UPS, ENGINE, UPS)
    assert ("FLEX-104", True) == (misspelt.code, "mean reserve_mw" in misspelt.what)
    assert ("FLEX-033", "resources of Ashburn[2], name") == (twice.code, twice.place)


@pytest.mark.parametrize(
    ("changes", "code", "place", "words"),
    [
        ({"event_hours": None}, "FLEX-105", "event_hours", "an event of a given length"),
        ({"event_hours": "long"}, "FLEX-002", "event_hours", "'long'"),
        ({"event_hours": -1.0}, "FLEX-003", "event_hours", "-1 h"),
        ({"event_hours": 12.0}, "FLEX-032", "nominated_mw, event_hours", "over 12 h no resource holds more"),
        ({"load_mw": 10.0, "critical_mw": 11.0}, "FLEX-003", "nominated_mw, critical_mw", "11 MW of a load of 10 MW"),
    ],
)
def test_an_event_that_gives_no_nomination(changes, code, place, words):
    """An event without length, of no length, or longer than the reserve allows; and more critical than there is load."""
    (problem,) = told(UPS, **changes)
    assert (code, f"p.csv row 2, {place}", True) == (problem.code, problem.place, words in problem.what)
    assert problem.remedy


def test_resources_that_hold_nothing_for_the_event():
    """An engine of ten minutes and a call without notice: no silent 0 MW."""
    (problem,) = told(ENGINE, notice_minutes=None)
    assert ("FLEX-112", "p.csv row 2, nominated_mw") == (problem.code, problem.place)
    assert ("0 MW for 2 h at 0 min notice" in problem.what, "notice_minutes" in problem.remedy) == (True, True)


def test_without_resources_a_nomination_is_needed():
    """A site without any must say its megawatts."""
    (problem,) = problems(NOMINATED)
    assert ("FLEX-105", "p.csv row 2, nominated_mw") == (problem.code, problem.place)


@pytest.mark.parametrize(
    ("permit", "programme", "refused"),
    [("emergency", "barring", 1), ("full", "barring", 0), ("emergency", "Contract", 0)],
)
def test_an_engine_for_emergencies_only(permit, programme, refused):
    """Where the programme bars such engines, the engine and the programme are named."""
    row, resources = {**ROW, "programme": programme}, {"Ashburn": [UPS, {**ENGINE, "permit": permit}]}
    options = {"resources": resources, "programmes": {"barring": BARRING}}
    if not refused:
        assert "barring" not in str(portfolio(row, **options).warnings)
        return
    (problem,) = problems(row, **options)
    assert ("FLEX-125", "p.csv row 2, Ashburn, resources") == (problem.code, problem.place)
    assert ("Engine" in problem.what, "barring" in problem.what, "permitted" in problem.remedy) == (True, True, True)


SECOND = {**ROW, "programme": "Other"}


def test_one_load_for_a_site():
    """Two rows of a site that say another load: the second is refused with the place of the first."""
    (problem,) = problems({**ROW, "load_mw": 40.0}, {**SECOND, "load_mw": 50.0})
    assert ("FLEX-128", "p.csv row 3, load_mw", True) == (problem.code, problem.place, "p.csv row 2" in problem.what)


@pytest.mark.parametrize(
    "rows",
    [
        ({**ROW, "load_mw": 40.0}, SECOND),
        ({**ROW, "load_mw": 40.0}, {**SECOND, "load_mw": 40.0}),
        ({**ROW, "load_mw": 40.0}, {**SECOND, "site": "Boston", "load_mw": 50.0}),
    ],
)
def test_a_load_said_once_or_alike(rows):
    """A load may stand on one row of a site or alike on all; another site has its own."""
    assert 2 == len(portfolio(*rows).enrolments)


def test_a_load_that_was_refused_is_held_against_nothing():
    """A row whose load cannot be read is told for that alone."""
    (problem,) = problems({**ROW, "load_mw": 40.0}, {**SECOND, "load_mw": "x"})
    assert ("FLEX-002", "p.csv row 3, load_mw") == (problem.code, problem.place)


def test_no_more_is_critical_than_there_is():
    """The critical load may stand on another row than the load."""
    (problem,) = problems({**ROW, "load_mw": 10.0}, {**SECOND, "critical_mw": 11.0})
    assert ("FLEX-003", "p.csv row 3, critical_mw", "0 to 10 MW") == (problem.code, problem.place, problem.allowed)
