"""Whether curtailing compute pays: what a programme pays for each MWh against the compute revenue forgone."""

LOSES = "Curtailing compute loses money"
PAYS = "Curtailing compute pays"


def worth_of(values):
    """A plain word on one line of a budget: LOSES, PAYS, or nothing where nothing is said of compute or delivered."""
    gain = values["gain_per_mwh"]
    return LOSES if gain < 0.0 else PAYS if gain > 0.0 else ""


def worth_warnings(lines, currency):
    """A sentence for each line on which curtailing compute loses money."""
    for line in lines:
        values = line.values
        if worth_of(values) == LOSES:
            forgone, saved = values["forgone_per_mwh"], values["energy_bill_per_mwh"] * values["exchange_rate"]
            yield (
                f"{line.enrolment.place}: curtailing compute loses money at {line.enrolment.site}: each MWh forgoes {forgone:,.2f} {currency} "
                f"of compute revenue; {line.enrolment.programme} leaves {values['paid_per_mwh']:,.2f} of it, and {saved:,.2f} of energy is not bought"
            )
