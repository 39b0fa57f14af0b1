"""What each row's site can nominate from its resources, resource by resource."""

from flexrev_xl.analysis.ledger import event_hours_of
from flexrev_xl.core.nomination import breakdown, total_mw
from flexrev_xl.programmes import library


def nominations(portfolio, programmes=None):
    """For each row at a site that names its resources: what it nominates, what the resources hold, and why.

    Args:
        portfolio: a Portfolio.
        programmes: the programme library by id; the shipped one when left out.

    Returns:
        list of dicts, MW; `breakdown` has a row for each resource and for each cap, whose MW add up to `resources_mw`.
        Rows without an event length are left out; where no notice is known, only what starts at once counts.
    """
    found = []
    for row in portfolio.enrolments:
        resources = portfolio.resources.get(row.site)
        event_hours = event_hours_of(row, library.find(row.programme, programmes))
        if not resources or not event_hours:
            continue
        rows = breakdown(resources, event_hours, row.notice_minutes or 0.0, False, row.load_mw, row.critical_mw)
        found.append(
            {
                "site": row.site,
                "programme": row.programme,
                "season": row.season or "",
                "event_hours": event_hours,
                "notice_minutes": row.notice_minutes,
                "nominated_mw": row.nominated_mw,
                "resources_mw": total_mw(rows),
                "breakdown": [
                    {"name": name, "kind": kind, "mw": mw, "limited_by": why} for name, kind, mw, why, _ in rows
                ],
            }
        )
    return found
