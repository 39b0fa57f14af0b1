"""Every refusal of the product: its code, and how it reads.

    FlexError            one mistake: code, place, what is wrong, what is allowed, how to mend it
      FlexErrors         several mistakes found in one reading, each a FlexError

The catalogue below gives each code its meaning and its standing remedy; a call site adds the
place and the value. Exit codes of the command line hang on nothing but these two classes.
"""

CATALOGUE = {
    # One function call.
    "FLEX-001": ("a required value is empty", "Fill it in: an empty cell is never read as 0."),
    "FLEX-002": ("not a number", "Type a number without unit, currency or thousands separator."),
    "FLEX-003": ("outside the allowed range", "Check the unit and the decimal point."),
    "FLEX-004": (
        "a percentage that could be read two ways",
        "Type 95% or 0.95 (a plain number from 10 up is read as percent).",
    ),
    "FLEX-005": ("a share typed as a percent number", "Type 85% or 0.85."),
    "FLEX-006": ("not a finite number", "Look for a division by zero or an overflow where the value comes from."),
    "FLEX-010": ("unknown unit", "Use one of the units listed."),
    "FLEX-011": (
        "a capacity rate without its period",
        "Add the period the rate is paid for: kW-year, kW-month, kW-day or kW-season.",
    ),
    "FLEX-012": (
        "a capacity unit and an energy unit confused",
        "MW-hour is an hour of availability; MWh is energy delivered.",
    ),
    "FLEX-013": (
        "more than one currency",
        "Convert to the one currency of the portfolio first, or give exchange_rates.",
    ),
    "FLEX-014": (
        "a rate per day or hour without its periods",
        "Give the days (or committed hours) paid in periods, or start and end dates.",
    ),
    "FLEX-015": ("more periods than the year or season has", "Pay a rate at most for its own days, months or hours."),
    "FLEX-016": ("not one of the choices", "Use one of the words listed."),
    "FLEX-020": ("ranges of different sizes", "Give ranges of the same size, or a single cell."),
    "FLEX-021": ("a range where one value is needed", "Point at a single cell."),
    "FLEX-022": ("arguments that do not fit the function", "See `flexrev functions NAME` for its arguments."),
    "FLEX-023": ("unknown function", "See `flexrev functions` for the list."),
    # A table of resources.
    "FLEX-030": (
        "a resource that holds no energy",
        "Give energy_mwh (usable, on the AC side) or the hours it can run at full power.",
    ),
    "FLEX-031": ("a reserve above the capacity", "Hold back at most the power there is."),
    "FLEX-032": ("an event longer than any resource can hold", "Shorten the event, or hold back less."),
    "FLEX-033": ("one name twice", "Give each row a name of its own."),
    # A portfolio.
    "FLEX-101": ("a file that cannot be read", "Check the path and that the file is not locked by another program."),
    "FLEX-102": ("a kind of file that is not read", "Give a .yaml, .yml, .csv or .xlsx file."),
    "FLEX-103": ("nothing to budget", "Give at least one enrolment: site, programme, nominated_mw and a rate."),
    "FLEX-104": ("unknown column or key", "Mend the spelling, or start the name with x_ to carry it through unread."),
    "FLEX-105": ("a required column or key is missing", "Add it."),
    "FLEX-106": ("the same site, programme and season twice", "Merge the rows or name their seasons."),
    "FLEX-107": ("text that cannot stand in a workbook", "Use one line of at most 255 ordinary characters."),
    "FLEX-108": (
        "a comma inside a number",
        "Write a decimal point and no thousands separator, or use --decimal comma.",
    ),
    "FLEX-109": (
        "no currency",
        "Write it in rate_unit (USD/MW-day), in the portfolio's currency key, or use --currency.",
    ),
    "FLEX-110": ("dates of one enrolment overlap", "Give each season its own days."),
    "FLEX-111": (
        "a seasonal price used outside its season",
        "Pay each season's price for that season's days only, one row a season.",
    ),
    "FLEX-112": (
        "an enrolment with nothing to earn",
        "Give capacity_rate with rate_unit, or energy_rate with dispatch_hours, or a programme of the library.",
    ),
    "FLEX-113": ("a date that cannot be used", "Write dates as 2026-06-01; the end is the last day paid."),
    "FLEX-114": ("a file whose text cannot be parsed", "Mend the line named."),
    "FLEX-115": (
        "an unsafe file",
        "Save it again from a spreadsheet program; archives that unpack far beyond their size and XML entities are never opened.",
    ),
    "FLEX-116": ("a scenario that cannot stand", "Give each scenario its own short name and factors from 0 up."),
    "FLEX-117": ("one name spelled two ways", "Spell it the same way everywhere: a spreadsheet takes both for one."),
    "FLEX-118": ("a workbook flexrev did not build", "Give a workbook made by `flexrev build`."),
    # The programme library.
    "FLEX-120": ("a programme the library does not know", "See `flexrev programmes list`."),
    "FLEX-121": ("an id that another programme has", "Give the entry an id of its own."),
    "FLEX-122": ("a field that the programme does not state", "Ask for one of the fields listed."),
    "FLEX-123": (
        "an entry of a programme file that cannot stand",
        "Mend it; the files in flexrev_xl/programmes/data show how an entry is written.",
    ),
    # Markets, sites and currencies of a portfolio.
    "FLEX-124": (
        "megawatts sold twice",
        "Nominate less, keep the dates apart, or say what the site has: load_mw, critical_mw, resources.",
    ),
    "FLEX-125": (
        "an engine whose permit the programme bars",
        "Leave the engine out of resources, or have it permitted for such use.",
    ),
    "FLEX-126": ("a currency without an exchange rate", "Add it to exchange_rates, with its rate, date and kind."),
    "FLEX-127": (
        "event months that cannot be read",
        "Write months such as 6-9 or Jun-Sep, or weights such as 6:1 7:2 8:2.",
    ),
    "FLEX-128": (
        "one site with two loads",
        "Give load_mw, critical_mw and mandatory_curtailment_mw once for each site, or alike on all its rows.",
    ),
    "FLEX-129": (
        "a case in another currency than the budget",
        "Give the case in the budget's currency, or a workbook of its own: flexrev cpm report.",
    ),
    # A simulation.
    "FLEX-140": (
        "an average performance that cannot spread",
        "Give a performance up to its cap, or performance_sd: 0 for the row.",
    ),
    "FLEX-141": (
        "a spread wider than its average allows",
        "Give a smaller one, under by_programme where it is too wide for some rows only.",
    ),
    "FLEX-142": ("a correlation that cannot be", "Give it as a share, such as 30%."),
    "FLEX-143": ("correlations that contradict each other", "Take the ones offered, or leave a pair out."),
    "FLEX-144": ("a number of draws that cannot be simulated", "Choose one within the range."),
    "FLEX-145": (
        "an assumption of a simulation that cannot stand",
        "Name what the portfolio has, as it is spelled there.",
    ),
    # What a limit and a battery carry.
    "CPM-150": (
        "a load that no battery carries",
        "Lower the load or raise the limit: over the whole series there is too little energy left to charge with.",
    ),
    "CPM-151": ("a charger too small for the load", "Give it more charging power, or lower the load."),
    "CPM-152": ("a load series that tells nothing", "Give two or more powers, one for each interval, not all 0."),
    "CPM-153": (
        "a limit that leaves nothing",
        "Give a limit above 0 and above what the auxiliaries of the battery draw.",
    ),
    "CPM-154": (
        "a battery that does not carry the load",
        "Ask for the size that is needed first, or for the largest load that is carried.",
    ),
    # Compute per megawatt.
    "CPM-155": (
        "a power-cap curve that cannot stand",
        "Give three or more points of one model on one card, throughput never falling as the cap rises.",
    ),
    "CPM-156": ("a power cap that was not measured", "Choose a cap within the points measured, or measure one there."),
    "CPM-157": (
        "power caps in watts where shares are needed",
        "Divide every cap by the card's rated power: 250 W of 300 W is 83.3%.",
    ),
    "CPM-158": (
        "cash flows without the one figure asked for",
        "Check their signs, and judge them by their net present value.",
    ),
    "CPM-159": ("a share of a margin that is not there", "Judge the storage by its net value, grid revenue apart."),
    # A trace of power.
    "CPM-160": ("a column of a trace that cannot be settled", "Name it with --column or --time-column."),
    "CPM-161": ("a unit of power that cannot be settled", "Write it in the heading, such as load_kw, or use --unit."),
    "CPM-162": (
        "readings that are missing from a trace",
        "Mend the rows, or choose --gaps hold or --gaps drop.",
    ),
    "CPM-163": ("readings that cannot be a load", "Look for the right column, the unit and faults of the meter."),
    "CPM-164": ("stamps that give no order of time", "Write stamps as 2024-05-17T10:00:00Z, or as seconds."),
    "CPM-165": ("a trace too short to tell anything", "Give a file of at least two readings."),
    "CPM-166": (
        "an interval that cannot be settled",
        "Name the column of the time with --time-column, or give --interval in seconds.",
    ),
    # Grid events on a load.
    "CPM-171": (
        "an event outside the load series",
        "Count its start in hours from the first value, and let it end within the series.",
    ),
    "CPM-172": (
        "events that leave less than the load can fall to",
        "Lower the reductions, or switch GPUs off before the event.",
    ),
    # Output.
    "FLEX-201": ("the output exists already", "Choose another name or add --force."),
    "FLEX-202": (
        "the output cannot be written",
        "Check the folder's permissions and the free space; nothing was changed.",
    ),
    "FLEX-203": (
        "a template that does not keep its contract",
        "Start again from the shipped template and keep its tabs, names and column keys.",
    ),
    "FLEX-204": ("a template that would lose something", "Remove the part, or add --allow-loss."),
    "FLEX-205": ("a program that is needed is not at hand", "Install LibreOffice, or leave --engine out."),
    # Verification.
    "FLEX-301": ("a formula differs", "Restore the formula, or build the workbook again."),
    "FLEX-302": ("a stored result differs from what its formula gives", "Recalculate the workbook and save it."),
    "FLEX-303": ("a stored result is missing", "Open the workbook in a spreadsheet program, recalculate and save it."),
    "FLEX-304": ("a line differs from the core", "Find the cell that was changed, or build the workbook again."),
    "FLEX-305": ("a fixed value differs", "Restore the value, or build the workbook again."),
    "FLEX-306": ("a tab or name is missing", "Build the workbook again."),
    # The program itself.
    "FLEX-900": (
        "a defect of the program",
        "Please report it with the command and its input; FLEXREV_DEBUG=1 shows where.",
    ),
}


class FlexError(ValueError):
    """One mistake, told so that its reader can mend it.

    Args:
        code: a code of the catalogue, such as "FLEX-003".
        what: what is wrong, naming the value.
        place: the argument, cell, row, key, file or flag.
        allowed: what would be accepted.
        remedy: how to mend it; the catalogue's standing remedy when left out.

    Example:
        >>> print(FlexError("FLEX-003", "5 MW is outside the range", place="nominated_mw"))
        FLEX-003 nominated_mw: 5 MW is outside the range. Check the unit and the decimal point.
    """

    def __init__(self, code, what, *, place="", allowed="", remedy=None):
        self.code, self.what, self.place, self.allowed = code, what, str(place), allowed
        self.remedy = CATALOGUE[code][1] if remedy is None else remedy
        super().__init__(str(self))

    def __str__(self):
        where = f" {self.place}:" if self.place else ":"
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        stop = "" if self.what.endswith("?") else "."
        return f"{self.code}{where} {self.what}{stop}{allowed} {self.remedy}".rstrip()

    @property
    def problems(self):
        """This mistake as a list, so that one and several are handled alike."""
        return [self]

    @property
    def short(self):
        """A few words for a cell that can show only text."""
        return f"{self.code} {self.place}".strip()

    def at(self, place):
        """The same mistake with its place put in front of the one it names."""
        inner = f", {self.place}" if self.place else ""
        return FlexError(self.code, self.what, place=f"{place}{inner}", allowed=self.allowed, remedy=self.remedy)


class FlexErrors(FlexError):
    """All the mistakes of one reading; `problems` holds them in the order they were met."""

    def __init__(self, problems):
        self._problems = list(problems)
        first = self._problems[0]
        super().__init__(first.code, first.what, place=first.place, allowed=first.allowed, remedy=first.remedy)

    @property
    def problems(self):
        return self._problems

    def __str__(self):
        return "\n".join(map(str, self._problems))

    def at(self, place):
        """The same mistakes, each with the place put in front of its own."""
        return FlexErrors(p.at(place) for p in self._problems)


def refuse(problems):
    """Raise what was collected: nothing, one FlexError, or FlexErrors with them all."""
    problems = list(problems)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise FlexErrors(problems)


def nearest(name, known):
    """' Did you mean ...?' for a misspelt name, or an empty string."""
    import difflib

    close = difflib.get_close_matches(str(name).lower(), [str(k).lower() for k in known], n=3, cutoff=0.6)
    words = [k for k in known if str(k).lower() in close]
    return f" Did you mean {' or '.join(words)}?" if words else ""
