"""One currency per portfolio, and the table of rates that brings rows in others to it."""

from flexrev_xl.core.arguments import Choice, Quantity, is_empty
from flexrev_xl.core.units import agree_on_currency
from flexrev_xl.errors import FlexError, nearest
from flexrev_xl.portfolio.header import read_currency
from flexrev_xl.portfolio.models import ExchangeRate, read_date, read_text

RATE_KINDS = ("budget", "average", "closing")
RATE = Quantity("per unit", "Money of the portfolio's currency for one unit of this one", high=1e9, above_low=True)
KIND = Choice(dict.fromkeys(RATE_KINDS, 0.0), "Budget and average rates are for revenue, closing rates for balances")
KEYS = ("currency", "rate", "date", "kind", "source")
_READERS = {"currency": read_currency, "rate": RATE.read, "date": read_date, "kind": KIND.read, "source": read_text}
_NEEDED = ("currency", "rate")


def read_exchange_rates(items, source):
    """Exchange rates from (mapping, place) pairs.

    Returns:
        (tuple of ExchangeRate, faults).
    """
    rates, faults, seen = [], [], {}
    for number, (item, place) in enumerate(items, start=1):
        place = place or f"{source}, exchange_rates[{number}]"
        if not isinstance(item, dict):
            what = f"{str(item)[:40]!r} is not a mapping"
            faults.append(FlexError("FLEX-126", what, place=place, allowed=", ".join(KEYS)))
            continue
        values, found = _read(item)
        if not found and values["currency"] in seen:
            what = f"{values['currency']} has a rate in {seen[values['currency']]} already"
            found.append(FlexError("FLEX-126", what, place="currency", remedy="Keep one rate for each currency."))
        faults += [f.at(place) for f in found]
        if not found:
            seen[values["currency"]] = place
            rates.append(ExchangeRate(**values))
    return tuple(rates), faults


def _read(item):
    values, faults = {}, []
    for key, value in item.items():
        if key not in KEYS:
            what = f"{key!r} is not a key here.{nearest(str(key), KEYS)}".rstrip(".")
            faults.append(FlexError("FLEX-104", what, allowed=", ".join(KEYS), remedy="Mend the spelling."))
        elif not is_empty(value):
            try:
                if isinstance(value, FlexError):
                    raise value
                values[key] = _READERS[key](value)
            except FlexError as e:
                faults.append(e.at(key))
    told = {f.place for f in faults}
    for key in _NEEDED:
        if key not in values and key not in told:
            faults.append(FlexError("FLEX-105", f"{key} is missing", place=key, allowed=", ".join(KEYS)))
    return values, faults


def settle_currencies(rows, marks, portfolio_currency, rates):
    """The portfolio's currency, and each row's own written into the row.

    Args:
        rows: the enrolments; `currency` holds what the column says, or None.
        marks: for each row the currencies that its units name, such as "EUR" or "$".
        portfolio_currency: from the file or the flag, or "".
        rates: the ExchangeRates of the portfolio.

    Returns:
        (currency, faults): where neither the portfolio names a currency nor anything is to be converted, the
        one that every row's column names; "" where nothing says. FLEX-013 where currencies are mixed and
        nothing converts them, FLEX-126 where the table of rates lacks one.
    """
    if not rates and not any(row.currency for row in rows):
        currency, faults = _the_one_currency(rows, marks, portfolio_currency)
    else:
        named = {row.currency or "" for row in rows}
        currency, faults = portfolio_currency or (named.pop() if len(named) == 1 and not rates else ""), []
        for row, row_marks in zip(rows, marks, strict=True) if currency else ():
            faults += _settle_row(row, row_marks, currency, rates)
    for row in rows:
        row.currency = row.currency or currency
    return currency, faults


def _settle_row(row, row_marks, portfolio_currency, rates):
    """One row's currency: the column's, else that of its units, else the portfolio's."""
    try:
        own = agree_on_currency(row_marks, row.currency or "")
    except FlexError as e:
        yield FlexError("FLEX-013", f"{e.what} in one row", place=f"{row.place}, currency")
        return
    if row_marks and set(row_marks) == {"$"} and not row.currency:
        try:
            own = agree_on_currency(row_marks, portfolio_currency)
        except FlexError:
            own = "USD"
    row.currency = own or portfolio_currency
    known = [r.currency for r in rates]
    if row.currency != portfolio_currency and row.currency not in known:
        what = f"the row is in {row.currency}, the portfolio in {portfolio_currency}"
        yield FlexError(
            "FLEX-126", what, place=f"{row.place}, currency", allowed=", ".join((portfolio_currency, *known))
        )


def _the_one_currency(rows, marks, portfolio_currency):
    every = [m for row_marks in marks for m in row_marks]
    try:
        return agree_on_currency(every, portfolio_currency), []
    except FlexError:
        pass
    settled, faults = portfolio_currency, []
    for row, row_marks in zip(rows, marks, strict=True):
        try:
            settled = agree_on_currency(row_marks, settled)
        except FlexError as e:
            what = f"{e.what}: the rows before it are in {settled}"
            faults.append(FlexError("FLEX-013", what, place=f"{row.place}, rate_unit"))
    # A dollar sign was taken for USD before another dollar was named.
    return settled, faults or [
        FlexError("FLEX-013", f"{' and '.join(dict.fromkeys(every))} are mixed", place="rate_unit")
    ]


def currency_warnings(portfolio):
    """Where a rate of the table is of a kind, or of a currency, that should be looked at twice."""
    used = {row.currency for row in portfolio.enrolments} - {portfolio.currency}
    for rate in portfolio.exchange_rates:
        if rate.currency == portfolio.currency and rate.rate != 1.0:
            yield f"exchange_rates: {rate.currency} is the portfolio's own currency; its rate {rate.rate:g} is not used"
        elif rate.currency in used and rate.kind == "closing":
            yield f"exchange_rates: {rate.currency} is converted at a closing rate; revenue is usually converted at budget or average rates"
