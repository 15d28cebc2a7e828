"""What a person asks of the portal: the nominative list of a period, whether a document is authentic."""

from django import forms

from clauses_portal.core import files
from clauses_portal.core.errors import DomainError
from clauses_portal.core.forms import DateField
from clauses_portal.core.french import file_size
from clauses_portal.core.periods import Quarter
from facilitators.models import Territory

DATES = "dates"
NO_DATE = "Indiquez les deux dates de la période, ou choisissez un trimestre."
TOO_HEAVY = f"Fichier trop volumineux ({file_size(files.LARGEST_FILE)} au plus)."


class NominativeForm(forms.Form):
    """Where, when and why. `everywhere`: the territory may be left empty."""

    territory = forms.ModelChoiceField(Territory.objects.none(), label="Territoire")
    period = forms.ChoiceField(label="Période")
    starts_on = DateField(label="Du", required=False, help_text="Pour une autre période seulement.")
    ends_on = DateField(
        label="Au", required=False, help_text="Les heures se comptent par mois : les deux mois sont pris entiers."
    )
    reason = forms.CharField(
        label="Motif de la demande",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="À quoi servira la liste, sans nom de personne. Le motif est écrit sur la liste et gardé au journal.",
    )

    def __init__(self, *args, territories, everywhere, quarters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        self.fields["territory"].required = not everywhere
        self.fields["territory"].empty_label = "Tous les territoires" if everywhere else "—"
        choices = [(str(quarter), quarter.label) for quarter in quarters]
        self.fields["period"].choices = [*choices, (DATES, "Autre période")]
        self.fields["period"].initial = str(quarters[1])

    def clean(self):
        data = super().clean()
        chosen = data.pop("period", None)
        if chosen == DATES:
            if not self.errors and not (data.get("starts_on") and data.get("ends_on")):
                self.add_error("starts_on", NO_DATE)
        elif chosen:
            quarter = Quarter.parse(chosen)
            data["starts_on"], data["ends_on"] = quarter.start, quarter.end
        return data


class VerificationForm(forms.Form):
    """The code printed on a document and, to compare its content too, the document itself."""

    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Douze lettres et chiffres, imprimés au bas du document : 7K3M-Q9XD-2TBW.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    document = forms.FileField(
        label="Document (PDF)",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=f"Facultatif, {file_size(files.LARGEST_FILE)} au plus. Le fichier est comparé, puis oublié.",
    )

    def clean_document(self):
        """The `CheckedFile`, or None; too heavy, it is refused before it is read."""
        document = self.cleaned_data["document"]
        if document is None:
            return None
        if document.size > files.LARGEST_FILE:
            raise forms.ValidationError(TOO_HEAVY)
        try:
            return files.check_upload(document.name, document.read(), allowed=(files.PDF_TO_COMPARE,))
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
