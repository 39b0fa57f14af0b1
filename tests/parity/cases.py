"""Generated cases of the domain on which every face must give the same number.

Numbers in range, fractions, canonical unit spellings, periods written out within the unit's limit,
no empty and no error cells; an optional limit is a number or is not given. A table is in its fixed order.
"""

import math
from random import Random

from flexrev_xl.core.arguments import MOST_FRACTION, Choice, Periods, Series, Truth, Unit
from flexrev_xl.core.resources import KINDS, PERMITS
from flexrev_xl.core.sensitivity import InputTable
from flexrev_xl.core.simulation import largest_sd
from flexrev_xl.core.units import CAPACITY_UNITS, parse_capacity_unit
from flexrev_xl.registry import ENTRIES

CASES = 60
SEASONS = RESOURCES = 4
LEAST = 1e-6  # where a value must be above 0


def cases(entry, count=CASES):
    """So many argument sets of a function, by name: the same at every run; the first are all at a bound."""
    random = Random(f"parity {entry.name}")
    made = [_case(entry, random, pick) for pick in (_lowest, _highest)]
    return made + [_case(entry, random, _any) for _ in range(count - len(made))]


def _case(entry, random, pick):
    texts = {a.name: random.choice(a.mark.choices) for a in entry.arguments if a.is_text}
    case = {a.name: texts[a.name] if a.is_text else _value(a, texts, random, pick) for a in entry.arguments}
    if "critical_mw" in case:
        case["critical_mw"] = min(case["critical_mw"], case["load_mw"] or 0.0)
    if "performance_sd" in case:
        mean = case["performance_mean"] = min(case["performance_mean"], case["performance_cap"])
        case["performance_sd"] = min(case["performance_sd"], 0.9 * largest_sd(mean, case["performance_cap"]))
        case |= {"draws": 100.0 + random.randrange(400), "seed": float(random.randrange(10**9))}
    if "load_series" in case:
        case |= _carried(case, random)
    if "throughputs" in case:
        measured = _measured(random, pick)
        case |= {name: value for name, value in measured.items() if name in case}
        if "case_table" in case and random.random() < 0.9:  # to choose among all caps takes a while
            case["case_table"].append(["power_cap", measured["power_cap"]])
    if "event_mw" in case:
        case["event_mw"] = random.choice(
            (None, [[random.uniform(0.0, case["grid_mw"] / 10)] for _ in case["load_series"]])
        )
    return case


def _carried(case, random):
    """A load, and a limit above its mean by more than what the lossiest of the batteries here takes."""
    load = [min(max(mw, 1.0), 1e5) for mw in case["load_series"]]
    mean, peak = sum(load) / len(load), max(load)
    made = {"load_series": load, "grid_mw": mean + (peak - mean) * random.choice((0.9, 1.0, 1.1))}
    if "round_trip_efficiency" in case:
        made["round_trip_efficiency"] = random.choice((0.9, 0.95, 1.0))
    if case.get("charge_mw") is not None:
        made["charge_mw"] = peak
    return made


def _measured(random, pick):
    """A power cap within a table of measurements, or within the default curve."""
    if random.random() < 0.5:
        return {"power_cap": max(pick(random, 0.4, 1.0), 0.4), "caps": None, "throughputs": None}
    caps, throughputs = (sorted(random.uniform(0.3, 1.0) for _ in range(5)) for _ in range(2))
    cap = pick(random, caps[0], caps[-1])
    return {
        "power_cap": min(max(cap, caps[0]), caps[-1]),
        "caps": [[c] for c in caps],
        "throughputs": [[t] for t in throughputs],
    }


def _value(argument, texts, random, pick):
    mark = argument.mark.quantity if isinstance(argument.mark, Series) else argument.mark
    if isinstance(mark, InputTable):
        return _drivers(random, pick)
    if argument.name in ("caps", "throughputs", "event_mw"):
        return None
    if argument.name == "case_table":
        return _terms(random)
    if argument.is_table:
        return [_resource(mark, number, random, pick) for number in range(RESOURCES)]
    if isinstance(mark, Truth):
        return random.random() < 0.5
    if isinstance(mark, Periods):
        mark = mark.of(parse_capacity_unit(texts[mark.unit_argument]))
    elif argument.default is None and random.random() < 0.5:
        return None
    low = LEAST if mark.above_low else mark.low
    high = min(mark.high, MOST_FRACTION) if mark.percent_number else mark.high
    if not argument.is_series:
        return pick(random, low, high)
    share = SEASONS if isinstance(mark, Periods) else 1
    return [pick(random, low, high / share) for _ in range(SEASONS)]


def _drivers(random, pick):
    """A row for each argument of net_revenue, in its order: texts are held, numbers moved where all are given."""
    arguments = ENTRIES["FLEX_NET_REVENUE"].arguments
    texts = {a.name: random.choice(a.mark.choices) for a in arguments if a.is_text}
    rows = []
    for a in arguments:
        low, base, high = ("", texts[a.name], "") if a.is_text else (_value(a, texts, random, pick) for _ in range(3))
        moved = None not in (low, base, high)
        rows.append([a.name, low if moved else "", "" if base is None else base, high if moved else ""])
    return rows


def _resource(table, number, random, pick):
    """A row of the resource table; the first can always hold something, however long the event."""
    power_mw = pick(random, LEAST, 1e4)
    values = {
        "name": f"Resource {number}", "kind": random.choice(KINDS), "power_mw": power_mw,
        "energy_mwh": pick(random, LEAST, 1e5), "hours": pick(random, LEAST, 100.0), "units": float(random.randint(1, 5)),
        "group": random.choice("AB"), "derate": pick(random, 0.0, 0.2), "reserve_mw": power_mw * random.uniform(0, 0.1),
        "start_minutes": random.choice((0.0, 10.0)), "marginal_cost": pick(random, 0.0, 1e4), "permit": random.choice(list(PERMITS)),
    }  # fmt: skip
    return [
        values[name] if number or name not in ("derate", "reserve_mw", "start_minutes") else 0.0 for name in table.names
    ]


def _terms(random):
    """A case of a site whose GPUs may or may not pay."""
    ranges = {
        "gpu_kw": (0.3, 1.5), "gpu_capex": (5e3, 5e4), "battery_capex_per_mwh": (5e4, 5e5), "energy_price_per_mwh": (0, 150),
        "price_per_gpu_hour": (1, 4), "battery_capex_per_mw": (0, 2e5), "most_c_rate": (0.25, 4), "wear_per_mwh": (0, 30),
    }  # fmt: skip
    return [[name, random.uniform(*bounds)] for name, bounds in ranges.items()]


def _lowest(random, low, high):
    return low


def _highest(random, low, high):
    return high


def _any(random, low, high):
    value = random.choice(
        (low, high, min(1.0, high), random.uniform(low, high), math.exp(random.uniform(math.log(1e-3), math.log(high))))
    )
    return max(low, value)


class Sized(float):
    """A number that remembers the largest term that was added to make it: what its rounding is measured by."""

    def __new__(cls, value, largest=0.0):
        self = super().__new__(cls, value)
        self.largest = max(abs(value), largest)
        return self

    def __add__(self, other):
        other = Sized.of(other)
        return Sized(float(self) + float(other), max(self.largest, other.largest))

    def __sub__(self, other):
        return self + Sized.of(other) * -1.0

    def __mul__(self, other):
        other = Sized.of(other)
        return Sized(
            float(self) * float(other), max(self.largest * abs(float(other)), other.largest * abs(float(self)))
        )

    def __truediv__(self, other):
        return self * (1.0 / float(other))

    def __rtruediv__(self, other):
        return Sized.of(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return Sized.of(other) - self

    @staticmethod
    def of(value):
        return value if isinstance(value, Sized) else Sized(float(value))


def largest_terms(entry, case):
    """The size of the largest term of each number of a function's result."""
    if "draws" in case:  # arrays of years are added up, and every face runs the same code
        return [abs(n) for n in numbers(entry.formula(**case))]
    values = {}
    for a in entry.arguments:
        value = case[a.name]
        if a.is_text:
            values[a.name] = number_of(a, value)
        elif a.is_series:
            values[a.name] = [Sized(v) for v in value]
        elif a.is_table:
            values[a.name] = None if value is None else a.mark.read(value)
        else:
            values[a.name] = None if value is None else Sized(value)
    return [Sized.of(n).largest for n in numbers(entry.formula(**values))]


def number_of(argument, text):
    """The number that a unit or a choice is in a formula."""
    if isinstance(argument.mark, Choice):
        return argument.mark.numbers[text]
    return argument.mark.read(text).factor


def numbers(result):
    """The numbers of a result: itself, or those of a table."""
    return (
        [cell for row in result for cell in row if not isinstance(cell, str)] if isinstance(result, list) else [result]
    )


def lists():
    """Every word a text argument may be, with its number: the lookup list of a workbook."""
    words = {
        w: number_of(a, w)
        for e in ENTRIES.values()
        for a in e.arguments
        if isinstance(a.mark, Unit | Choice)
        for w in a.mark.choices
    }
    assert set(CAPACITY_UNITS) <= set(words)
    return words
