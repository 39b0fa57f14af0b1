"""What a controller wants to look at twice: megawatts and money out of proportion, and what was assumed."""

from flexrev_xl.analysis.ledger import UNSTATED_EVENT_HOURS, event_hours_of, figure, mw_of_resources
from flexrev_xl.programmes import library

# The dearest capacity price of the library is 170,000 a MW-year; kW typed as MW, or a rate per kW read per MW, is
# off by a thousand. The bound says nothing in a currency of another size.
MOST_GROSS_PER_MW_YEAR = 250_000.0
CURRENCIES_OF_THAT_SIZE = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "SGD", "CHF")
MOST_TIMES_LIBRARY = 3.0
MOST_SITE_MW = 1_000.0  # a campus of the largest kind draws about as much
MOST_SENTENCES = 5
_SLIP = "this looks like kW typed as MW or a rate in another unit"


def control_warnings(portfolio, lines, programmes=None):
    """Sentences by reason, each naming the place of its row; beyond five of one reason the first stands for all.

    Args:
        portfolio: its currency, and its resources by site.
        lines: of the Base scenario, each an enrolment with its values, money in the portfolio's currency.
        programmes: the programme library by id; the shipped one when left out.
    """
    found = {check: [] for check in (_above_load, _out_of_proportion, _assumed_accreditation, _above_resources)}
    for line in lines:
        entry = library.find(line.enrolment.programme, programmes)
        for check, sentences in found.items():
            sentence = check(line, entry, portfolio)
            if sentence:
                sentences.append(f"{line.enrolment.place}: {sentence}")
    return [sentence for sentences in found.values() for sentence in _summed_up(sentences)]


def _summed_up(sentences):
    if len(sentences) <= MOST_SENTENCES:
        return sentences
    return [f"{sentences[0]}, and {len(sentences) - 1} more rows"]


def _above_load(line, entry, portfolio):
    """More MW than the site draws, or than it may curtail where nothing else is named; or than any site has."""
    row, mw = line.enrolment, line.values["nominated_mw"]
    if mw > MOST_SITE_MW:
        return f"{figure(mw)} MW are nominated, more than {figure(MOST_SITE_MW)} MW; this looks like kW typed as MW"
    if row.load_mw is None:
        return None
    if mw > row.load_mw:
        return f"{figure(mw)} MW are nominated, the load of {row.site} is {figure(row.load_mw)} MW"
    if mw > row.load_mw - row.critical_mw and not portfolio.resources.get(row.site):
        free = figure(row.load_mw - row.critical_mw)
        return f"{figure(mw)} MW are nominated, {row.site} has {free} MW beside its critical load, and no resources are named"
    return None


def _out_of_proportion(line, entry, portfolio):
    """Far more money for a MW than the library's price, or than anybody pays."""
    row, price = line.enrolment, _library_rate(line.enrolment, entry, portfolio)
    rate = row.capacity_rate * row.rate_unit.factor * row.periods if row.capacity_rate else 0.0
    if price and rate > MOST_TIMES_LIBRARY * price:
        return f"the capacity rate comes to {rate:,.0f} per MW, {figure(rate / price)} times the {price:,.0f} of {entry.id}; {_SLIP}"
    gross, mw = line.values["gross_revenue"], line.values["nominated_mw"]
    most = _most_gross(portfolio)
    if most and gross > most * mw > 0.0:
        return f"gross revenue comes to {gross / mw:,.0f} per nominated MW and year, above {most:,.0f}; {_SLIP}"
    return None


def _most_gross(portfolio):
    """The bound in the portfolio's currency: as it is, or by an exchange rate of a currency it holds for; else None."""
    if portfolio.currency in CURRENCIES_OF_THAT_SIZE:
        return MOST_GROSS_PER_MW_YEAR
    rates = (r.rate for r in getattr(portfolio, "exchange_rates", ()) if r.currency in CURRENCIES_OF_THAT_SIZE)
    rate = next(rates, None)
    return MOST_GROSS_PER_MW_YEAR * rate if rate else None


def _library_rate(row, entry, portfolio):
    """Capacity money per MW of the row's season, else of the year; None where the library has none in its currency."""
    currency = getattr(row, "currency", None) or portfolio.currency
    if entry is None or not entry.prices or entry.currency != currency:
        return None
    price = entry.price_for(row.season)
    return entry.season_rate(price) if price else entry.annual_rate


def _assumed_accreditation(line, entry, portfolio):
    """A programme that pays accredited MW, and nothing that says what share that is."""
    if entry and entry.pays_accredited_mw and "accreditation" in line.enrolment.defaults:
        return f"{entry.id} pays for accredited MW and no accreditation is given; 100 % is assumed"
    return None


def _above_resources(line, entry, portfolio):
    """More MW than the site's resources hold for the row's event."""
    row, resources = line.enrolment, portfolio.resources.get(line.enrolment.site)
    if not resources:
        return None
    hours, mw = event_hours_of(row, entry) or UNSTATED_EVENT_HOURS, line.values["nominated_mw"]
    held = mw_of_resources(resources, hours, row.notice_minutes, row.load_mw, row.critical_mw or 0.0)
    if mw <= held * (1.0 + 1e-9):
        return None
    notice = "" if row.notice_minutes is None else f" at {figure(row.notice_minutes)} min notice"
    return f"{figure(mw)} MW are nominated, the resources of {row.site} hold {figure(held)} MW for {figure(hours)} h{notice}"
