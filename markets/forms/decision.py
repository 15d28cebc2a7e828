from django import forms

from markets.enums import Adequacy, ClauseOutcome, ConsiderationNature, CriterionKind, LegalBasis, OpinionOutcome
from markets.legal import Exemption

C = ConsiderationNature
OTHER_NATURES = [(nature.value, nature.label) for nature in (C.APPRENTICESHIP, C.TRAINING, C.EQUITY, C.ACCESSIBILITY)]
NOTHING = ("", "—")
GRADES = [
    ("0", "0 – très défavorable"),
    ("1", "1 – défavorable"),
    ("2", "2 – moyen"),
    ("3", "3 – favorable"),
    ("4", "4 – très favorable"),
]
GATES = [("yes", "Oui"), ("no", "Non")]
PASSED = {"yes": True, "no": False}


def text_area(label, rows=2, **options):
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DecisionForm(forms.Form):
    """What is decided for a lot, or for several. `proposable`: the exemptions the law allows, none without a duty."""

    outcome = forms.ChoiceField(label="Décision", choices=ClauseOutcome, widget=forms.RadioSelect)
    legal_basis = forms.ChoiceField(label="Fondement juridique", choices=[NOTHING, *LegalBasis.choices], required=False)
    nature = forms.ChoiceField(
        label="Autre considération sociale",
        choices=[NOTHING, *OTHER_NATURES],
        required=False,
        help_text="Elle répond à l’obligation sans heures d’insertion.",
    )
    exemption = forms.TypedChoiceField(label="Dérogation", required=False, coerce=int, empty_value=None)
    exemption_reason = text_area(
        "Motif de la dérogation",
        required=False,
        help_text="Gardé pour le contrôle de légalité ; le visa juridique est demandé.",
    )
    reason = text_area(
        "Motif de la décision",
        required=False,
        help_text="Obligatoire sans clause, ou avant l’avis du facilitateur.",
    )
    # Comes from the list « À instruire », where one goes back once decided.
    next_queue = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, proposable=Exemption.choices, **kwargs):
        super().__init__(*args, **kwargs)
        if proposable:
            self.fields["exemption"].choices = [NOTHING, *proposable]
        else:
            del self.fields["exemption"], self.fields["exemption_reason"]

    def clean(self):
        data = super().clean()
        if data.get("outcome") == ClauseOutcome.CLAUSE and not data.get("legal_basis"):
            self.add_error("legal_basis", "Indiquez le fondement juridique de la clause.")
        if data.get("outcome") == ClauseOutcome.NO_CLAUSE:
            if not data.get("reason", "").strip():
                self.add_error("reason", "Indiquez pourquoi ce lot n’a pas de clause.")
            if data.get("exemption") and not data.get("exemption_reason", "").strip():
                self.add_error("exemption_reason", "Donnez le motif de la dérogation.")
        return data

    def choice(self):
        """What `decide_clause` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "next_queue"}


class OpinionForm(forms.Form):
    outcome = forms.ChoiceField(label="Avis", choices=OpinionOutcome, widget=forms.RadioSelect)
    adequacy = forms.TypedChoiceField(
        label="Adéquation des publics, des métiers et du territoire",
        choices=[NOTHING, *Adequacy.choices],
        required=False,
        coerce=int,
        empty_value=None,
    )
    candidates = forms.IntegerField(label="Candidats disponibles", required=False, min_value=0, max_value=100_000)
    suppliers = forms.IntegerField(
        label="Structures d’insertion et du handicap capables de répondre",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="SIAE, EA, ESAT, GEIQ du territoire, pour ces métiers.",
    )
    text = text_area(
        "Observations", rows=4, required=False, help_text="Obligatoires avec des réserves ou un avis défavorable."
    )

    def clean(self):
        data = super().clean()
        if data.get("outcome") not in {None, OpinionOutcome.FAVOURABLE} and not data.get("text", "").strip():
            self.add_error("text", "Expliquez vos réserves ou votre avis défavorable.")
        return data


class VisaForm(forms.Form):
    granted = forms.TypedChoiceField(
        label="Visa",
        choices=[("yes", "Accordé : la dérogation tient"), ("no", "Refusé : la décision est à reprendre")],
        widget=forms.RadioSelect,
        coerce=PASSED.get,
    )
    note = text_area("Observations", rows=4, required=False, help_text="Obligatoires pour un refus.")

    def clean(self):
        data = super().clean()
        if data.get("granted") is False and not data.get("note", "").strip():
            self.add_error("note", "Indiquez pourquoi la dérogation ne tient pas.")
        return data


class ReviewForm(forms.Form):
    """An answer and a note for each line of the grid. `rows`: the ReviewAnswers shown first."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self._add(row)

    def _add(self, row):
        code, label = row.criterion.code, row.criterion.label
        is_gate = row.criterion.kind == CriterionKind.GATE
        self.fields[code] = forms.ChoiceField(
            label=label,
            choices=[NOTHING, *(GATES if is_gate else GRADES)],
            required=False,
            initial=_shown(row.passed if is_gate else row.grade),
            widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
        )
        self.fields[f"{code}-note"] = forms.CharField(
            label=f"Précision : {label}",
            required=False,
            max_length=300,
            initial=row.note,
            widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
        )

    def lines(self):
        """[(ReviewAnswer, its field, the field of its note)], in the order of the grid."""
        return [(row, self[row.criterion.code], self[f"{row.criterion.code}-note"]) for row in self.rows]

    def answers(self):
        """{criterion code: {passed, grade, note}}, what `record_review` takes."""
        return {row.criterion.code: self._answer(row) for row in self.rows}

    def _answer(self, row):
        code = row.criterion.code
        typed, note = self.cleaned_data[code], self.cleaned_data[f"{code}-note"]
        if row.criterion.kind == CriterionKind.GATE:
            return {"passed": PASSED.get(typed), "grade": None, "note": note}
        return {"passed": None, "grade": int(typed) if typed else None, "note": note}


def _shown(value):
    if value is None:
        return ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
