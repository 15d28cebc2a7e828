"""Packages: asking for one, giving one (C22)."""

from django import forms

from clauses_portal.core.forms import DateField, UploadForm
from clauses_portal.core.french import file_size
from facilitators.enums import KeyDirection
from reporting.exchange.archive import LARGEST

TOO_HEAVY = f"Fichier trop volumineux ({file_size(LARGEST)} au plus)."


class PackageForm(forms.Form):
    """Of which structure, in which direction, and which months of hours."""

    structure = forms.ModelChoiceField(None, label="Structure facilitatrice", empty_label=None)
    direction = forms.ChoiceField(
        label="Sens de l’échange",
        choices=KeyDirection,
        help_text="Les marchés vont du Département au facilitateur ; les personnes, les contrats et les heures, dans "
        "l’autre sens. Seules les tables que vous pouvez consulter sont écrites.",
    )
    starts_on = DateField(label="Heures du", required=False, help_text="Mois entiers ; vides : toutes les heures.")
    ends_on = DateField(label="Heures au", required=False)

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures


class PackageImportForm(UploadForm):
    """The archive, and the structure it is for. Its content is checked by the service."""

    structure = forms.ModelChoiceField(None, label="Structure facilitatrice", empty_label=None)
    file = forms.FileField(
        label="Paquet (ZIP)",
        help_text=f"L’archive telle qu’elle a été écrite par l’autre logiciel. {file_size(LARGEST)} au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )

    def __init__(self, *args, structures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures

    def clean_file(self):
        """Too heavy, it is refused before it is read."""
        if self.cleaned_data["file"].size > LARGEST:
            raise forms.ValidationError(TOO_HEAVY)
        return self.cleaned_data["file"]
