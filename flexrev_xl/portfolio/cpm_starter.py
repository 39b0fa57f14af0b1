"""A case of compute per megawatt to start from: every key with its help, as YAML."""

from flexrev_xl.core.cpm.case_inputs import GPUS, INPUTS, SITE
from flexrev_xl.errors import FlexError
from flexrev_xl.portfolio.cpm_case import USD, shown
from flexrev_xl.portfolio.cpm_keys import DEMAND_RESPONSE, EXTRA, LOAD, METER_WORDS, OPTIMISE, SECTIONS, SYNTHETIC

INR = "INR"
_FIGURE = "an example; not a published price"
# What a starter gives where the program has no default, or where the example needs another.
_SHARED = {"grid_mw": "20", "gpu_kw": "0.7", "battery_mw": "0.5", "battery_mwh": "0.5", "months_earlier": "6"}
_EXAMPLES = {
    USD: {
        **_SHARED,
        "power_cap": "95%",
        "gpu_capex": ("30000", _FIGURE),
        "rack_capex": ("11000", _FIGURE),
        "energy_price_per_mwh": ("60", _FIGURE),
        "battery_capex_per_mwh": ("350000", _FIGURE),
        "grid_revenue_per_mw_year": ("60000", _FIGURE),
    },
    INR: {
        **_SHARED,
        "price_per_gpu_hour": ("200", _FIGURE),
        "gpu_capex": ("2600000", _FIGURE),
        "rack_capex": ("900000", _FIGURE),
        "energy_price_per_mwh": ("7500", _FIGURE),
        "battery_capex_per_mwh": ("18000000", _FIGURE),
        "discount_rate": ("11%", _FIGURE),
    },
}
_INTRODUCTIONS = {
    USD: (
        "A case of compute per megawatt: one grid connection, the GPUs behind it, a power cap, a battery.",
        "Replace the figures of the example, then: flexrev cpm report {file}",
    ),
    INR: (
        "Storage as a service in India: an EPC builds and owns a battery beside a data centre, whose host pays a fee a",
        "month and MW. The report prints what the owner must ask at least (floor) and what the host can pay at most",
        "(ceiling); a floor above the ceiling is no deal. Money is in rupees; figures are examples, not published prices.",
        "Replace them, then: flexrev cpm report {file}",
    ),
}
CURRENCIES = tuple(_EXAMPLES)


def starter_case(currency=USD, file="case.yaml"):
    """The text of a case with every key explained; keys that have a default stand there as comments.

    Args:
        currency: one that there is an example in.
        file: the name that it will have.

    Raises:
        FlexError: FLEX-016 another currency.

    Example:
        >>> "price_per_gpu_hour: {value: 200" in starter_case("INR")
        True
    """
    currency = str(currency).strip().upper()
    if currency not in _EXAMPLES:
        remedy = f"Start from {USD}, then change the currency and every price."
        what = f"there is no example in {currency[:20]!r}"
        raise FlexError("FLEX-016", what, place="--currency", allowed=" or ".join(CURRENCIES), remedy=remedy)
    examples = _EXAMPLES[currency]
    lines = [f"# {line.format(file=file)}" for line in _INTRODUCTIONS[currency]]
    lines += [
        "# A value is a number or a percentage, or a mapping of value and source. Lines that start with # and a key",
        "# show defaults and what else can be said; a key left out takes its default.",
        f"name: {'Storage as a service, training hall' if currency == INR else 'Training hall'}",
        f"currency: {currency}",
    ]
    for section in SECTIONS:
        lines += ["", *(_optimise() if section == OPTIMISE else [f"{section}:"])]
        lines += _load() if section == LOAD else []
        for each in (each for each in INPUTS.values() if each.group.lower() == section):
            lines += _input(each, examples.get(each.key), currency)
        lines += _BEHIND.get(section, ())
    return "\n".join(lines) + "\n"


def _input(each, example, currency):
    """The lines of an input: what it is, and its value or, as a comment, its default."""
    allowed = each.mark.allowed.replace("money", currency).removesuffix(" ratio")
    note = f" ({each.note})" if each.note and each.note != each.label else ""
    says = f"  # {each.label}: {allowed}"
    if example is None:
        return [f"{says}; default{note}:", f"  # {each.key}: {_typed(each)}"]
    value, source = example if isinstance(example, tuple) else (example, "")
    return [says, f"  {each.key}: {f'{{value: {value}, source: {source}}}' if source else value}"]


def _typed(each):
    """A default as it is typed."""
    return shown(each.key, each.default, USD).split(" ")[0].replace(",", "")


def _load():
    """The section load: the synthetic trace, and what a file would be told."""
    lines = ["  # A trace made by a formula, so that no file is needed; for your own give file and meter instead:"]
    for key in (key for (section, _), key in EXTRA.items() if section == LOAD):
        if key.name in ("synthetic", "peak_mw", "seed"):
            continue
        lines.append(f"  # {key.name}: {_LOAD_EXAMPLES.get(key.name, key.default)}    # {_brief(key)}")
    return [*lines, f"  synthetic: {SYNTHETIC}", "  peak_mw: 50", "  seed: 1"]


_LOAD_EXAMPLES = {
    "file": "trace.csv", "unit": "kW", "interval_seconds": "2", "column": "load_kw", "time_column": "t_s", "run": "1",
    "meter": "it", "gpus": "512", "is_mlperf": "false",
}  # fmt: skip


def _brief(key):
    return "; ".join(f"{k}: {v}" for k, v in METER_WORDS.items()) if key.name == "meter" else key.help


def _optimise():
    """The section optimise: one bound, and what else can be said."""
    helps = {key.name: key.help for (section, _), key in EXTRA.items() if section == OPTIMISE}
    return [
        "# What flexrev cpm optimise may choose from; without this section a report leaves the optimisation out.",
        "optimise:",
        f"  most_c_rate: 2           # {helps['most_c_rate']}",
        f"  # most_battery_mw: 5     # {helps['most_battery_mw']}",
        f"  # most_battery_mwh: 10   # {helps['most_battery_mwh']}",
        f"  # most_gpus: 20000       # {helps['most_gpus']}",
        f"  # caps: [70%, 80%, 90%]  # {helps['caps']}",
        f"  # demand_response: {{most_mw: 1, event_hours: 1, rate_per_mw_year: 60000}}  # {helps[DEMAND_RESPONSE]}",
    ]


_BEHIND = {
    SITE.lower(): (
        f"  # period_hours: 168    # {EXTRA['site', 'period_hours'].help}",
        f"  # events:              # {EXTRA['site', 'events'].help}",
        "  #   - {start_hour: 17, hours: 1, reduce_mw: 2}",
    ),
    GPUS.lower(): (
        f"  # {EXTRA['gpus', 'curve'].help}",
        "  # curve: v100-bert-squad",
        "  # curve: {caps: [60%, 80%, 100%], throughputs: [82%, 95%, 100%]}",
    ),
    "battery": (f"  # technology: battery    # {EXTRA['battery', 'technology'].help}",),
}
