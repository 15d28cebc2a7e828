"""Forms of the calibration screens: a method shows its own parameters and no other. All confidential (C27)."""

from decimal import Decimal

from django import forms

from clauses_portal.core.forms import DateField, FrenchDecimalField, PercentField
from clauses_portal.core.text import tidy
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from markets.calibrating.outcome import usual_floor
from markets.calibrating.plausibility import usual_text
from markets.calibrating.sheet import as_typed
from markets.calibration import METHODS, PARAMETER_LABELS, ROUNDINGS
from markets.enums import CalibrationPurpose
from markets.services.calibration import LONGEST_RETURN
from markets.services.trade_parameters import RANGES

ABOVE_ZERO = "Indiquez un montant supérieur à zéro."
MORE_THAN_ZERO = "Indiquez un nombre supérieur à zéro."
NOT_BELOW_ZERO = "Indiquez un nombre positif, ou zéro."
WHOLE_MONTHS = "Indiquez un nombre entier de mois."
ZERO_HELP = "0 : rien n’est dû en période ferme, les heures viennent des bons de commande ou de la réservation."
NUMBER_OF = {
    CalibrationPurpose.ORDER: "Numéro du bon de commande",
    CalibrationPurpose.AMENDMENT: "Numéro de l’avenant",
}


class SignedDecimalField(FrenchDecimalField):
    """A number of either sign, the typographic minus being read too."""

    def to_python(self, value):
        return super().to_python(value.replace("\u2212", "-") if isinstance(value, str) else value)


def money(label, **options):
    """Euros without tax, above zero."""
    given = {"min_value": Decimal("0.01"), "max_digits": 13, "decimal_places": 2}
    return FrenchDecimalField(label=label, error_messages={"min_value": ABOVE_ZERO}, **given | options)


def positive(label, **options):
    """A number above zero, two decimals at most."""
    given = {"min_value": Decimal("0.01"), "max_digits": 11, "decimal_places": 2}
    return FrenchDecimalField(label=label, error_messages={"min_value": MORE_THAN_ZERO}, **given | options)


def from_zero(label, **options):
    """A number from zero on."""
    given = {"min_value": 0, "max_digits": 13, "decimal_places": 2}
    return FrenchDecimalField(label=label, error_messages={"min_value": NOT_BELOW_ZERO}, **given | options)


def share(label, **options):
    """A share typed in percent."""
    return PercentField(label=f"{label} (%)", **options)


def whole_months(label):
    """A whole number of months."""
    given = {"min_value": MORE_THAN_ZERO, "max_decimal_places": WHOLE_MONTHS}
    return FrenchDecimalField(label=label, min_value=1, max_digits=4, decimal_places=0, error_messages=given)


FIELDS = {
    "amount": money,
    "labour_share": share,
    "insertion_rate": share,
    "hourly_cost": lambda label: money(label, max_digits=6),
    "ratio": lambda label: money(label, max_digits=8),
    "months": whole_months,
    "transferable_monthly_hours": from_zero,
    "worked_hours": positive,
    "fte": positive,
    "annual_hours": positive,
    "year_share": share,
    "invoiced_amount": money,
    "step_amount": money,
    "hours_per_step": positive,
    "threshold_amount": lambda label: from_zero(label, required=False),
    "whole_steps": lambda label: forms.BooleanField(label=label, required=False, initial=True),
    "hours": positive,
}


class CalibrationForm(forms.Form):
    """What every proposal has: the number of the order or amendment if any, a rounding, a comment."""

    rounding = forms.ChoiceField(label="Arrondi", choices=list(ROUNDINGS.items()), initial="nearest")
    comment = forms.CharField(
        label="Observation pour la chargée de mission",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Confidentielle, comme le calcul.",
        validators=[validate_plain_text],
    )
    method = ""  # an amendment has none of its own

    def __init__(self, *args, purpose, parameters, **kwargs):
        """`parameters`: {name: field} asked first."""
        super().__init__(*args, **kwargs)
        number = {"label": forms.CharField(label=NUMBER_OF[purpose], max_length=50)} if purpose in NUMBER_OF else {}
        self.fields = {**number, **parameters, **self.fields}

    def clean_label(self):
        return tidy(self.cleaned_data["label"])

    def given(self):
        """{argument: value} for the services, what was left empty aside."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None and value != ""}


class ProposalForm(CalibrationForm):
    """The parameters of one method, filled in with what is known. It has its own screen."""

    def __init__(self, *args, method, known, **kwargs):
        asked = {name: FIELDS[name](PARAMETER_LABELS[name]) for name in METHODS[method].parameters}
        for name, given in asked.items():
            given.help_text = _usual_help(known, name)
        initial = {name: as_typed(name, value) for name, value in known.parameters(method).items()}
        purpose = known.subject.purpose
        super().__init__(*args, purpose=purpose, parameters=asked | _floor(known, method), initial=initial, **kwargs)
        self.method = method
        if known.subject.is_firm:
            self.fields["opinion"] = _opinion()

    def computation(self):
        """{argument: value} of the computation alone: parameters, rounding, floor."""
        names = {*METHODS[self.method].parameters, "rounding", "floor_hours"}
        return {name: value for name, value in self.given().items() if name in names}


class AmendmentForm(CalibrationForm):
    """The change of amount of an amendment, and the formula when the retained hours do not give it."""

    def __init__(self, *args, known, used, **kwargs):
        """`used`: parameters of the retained hours, {} when there are none."""
        asked = {"amount_delta": _change_of_amount()}
        names = [] if used else ["labour_share", "insertion_rate", "hourly_cost"]
        for name in names:
            asked[name] = FIELDS[name](PARAMETER_LABELS[name])
            asked[name].help_text = _usual_help(known, name)
        usual = known.parameters("standard")
        initial = {name: as_typed(name, usual[name]) for name in names if name in usual}
        super().__init__(*args, purpose=CalibrationPurpose.AMENDMENT, parameters=asked, initial=initial, **kwargs)
        self.used = used

    def computation(self):
        """{argument: value} of the computation alone."""
        given = {name: value for name, value in self.given().items() if name not in {"label", "comment"}}
        return self.used | given


class RetainForm(forms.Form):
    """Hours the Département retains; `signed` for an amendment, which may take some away; `zero` where 0 h may be."""

    hours = forms.IntegerField(label="Heures retenues", min_value=1, max_value=1_000_000)
    gap_reason = forms.CharField(
        label="Motif de l’écart",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=(
            "Obligatoire si les heures retenues diffèrent des heures proposées. "
            "Il se lit sur la page du lot : n’y écrivez ni montant, ni taux."
        ),
    )

    def __init__(self, *args, signed=False, zero=False, **kwargs):
        super().__init__(*args, **kwargs)
        if zero:
            self.fields["hours"] = forms.IntegerField(
                label="Heures retenues", min_value=0, max_value=1_000_000, help_text=ZERO_HELP
            )
        if signed:
            self.fields["hours"] = forms.IntegerField(
                label="Heures retenues (+ ou −)", min_value=-1_000_000, max_value=1_000_000
            )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui est à revoir",
        max_length=LONGEST_RETURN,
        validators=[validate_one_line],
        help_text=f"En {LONGEST_RETURN} caractères. Confidentiel : le facilitateur le lit sur le calcul.",
    )


class ActivationForm(forms.Form):
    """The company that owes the hours, and since when."""

    award = forms.ModelChoiceField(queryset=None, label="Entreprise qui en répond", empty_label=None)
    effective_on = DateField(label="Date d’effet")

    def __init__(self, *args, awards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["award"].queryset = awards


class TradeParametersForm(forms.Form):
    """The usual values of a trade from a day on; a single value may be typed in the first column only."""

    valid_from = DateField(label="Valable à partir du")
    labour_share_low = PercentField(label="Part de main-d’œuvre, de (%)", required=False)
    labour_share_high = PercentField(label="Part de main-d’œuvre, à (%)", required=False)
    hourly_cost_low = money("Coût horaire chargé, de (€)", required=False, max_digits=6)
    hourly_cost_high = money("Coût horaire chargé, à (€)", required=False, max_digits=6)
    insertion_rate_low = PercentField(label="Taux d’insertion, de (%)", required=False)
    insertion_rate_high = PercentField(label="Taux d’insertion, à (%)", required=False)
    source = forms.CharField(
        label="Source", max_length=200, help_text="D’où viennent ces valeurs, par exemple une note."
    )

    @classmethod
    def from_values(cls, data, *, values, day):
        """The form as it opens: the values (TradeParameters or None) to change from `day` on."""
        names = [f"{name}_{end}" for name in RANGES for end in ("low", "high")]
        known = {name: getattr(values, name, None) for name in names}
        initial = {name: as_typed(name.rpartition("_")[0], value) for name, value in known.items() if value is not None}
        return cls(data, initial=initial | {"valid_from": day})

    def ranges(self):
        """[(low, high)] of the fields, a line each."""
        return [(self[f"{name}_low"], self[f"{name}_high"]) for name in RANGES]

    def clean(self):
        data = super().clean()
        for name in RANGES:
            ends = f"{name}_low", f"{name}_high"
            if not any(end in self.errors for end in ends):
                self._check_range(data, *ends)
        return data

    def _check_range(self, data, low, high):
        if data[high] is None:
            data[high] = data[low]
        elif data[low] is None:
            self.add_error(low, "Indiquez aussi le bas de la fourchette.")
        elif data[low] > data[high]:
            self.add_error(high, "Le haut de la fourchette est au-dessous du bas.")


def _usual_help(known, name):
    usual = usual_text(known.usual, name) if name in RANGES else ""
    return f"Usage du métier : {usual}." if usual else ""


def _opinion():
    return forms.BooleanField(
        label="Transmettre un avis « pas de clause » si le calcul n’en permet pas",
        required=False,
        help_text="La chargée de mission lira pourquoi, et reprendra sa décision.",
    )


def _floor(known, method):
    """The field of the floor, with its usual value; a phase, an order or a method without parameters has none."""
    if not (known.subject.is_firm and METHODS[method].parameters):
        return {}
    return {
        "floor_hours": forms.IntegerField(
            label="Plancher (h)",
            required=False,
            min_value=1,
            max_value=1_000_000,
            initial=usual_floor(known, method),
            help_text="En dessous, il n’y a pas de clause.",
        )
    }


def _change_of_amount():
    return SignedDecimalField(
        label="Variation du montant (€ HT, + ou −)",
        max_digits=13,
        decimal_places=2,
        help_text="Ce que l’avenant ajoute, ou retire avec le signe moins.",
    )
