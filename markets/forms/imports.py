from django import forms

from clauses_portal.core.validators import validate_siret

LARGEST_FILE = 10 * 1024 * 1024
TOO_LARGE = "Fichier trop volumineux (10 Mo au plus)."
REFUSED_TYPE = "Type de fichier refusé."


class ImportForm(forms.Form):
    """A file of procurement data, JSON or CSV, and the buyer to keep."""

    file = forms.FileField(
        label="Fichier (JSON ou CSV)", help_text="Données essentielles, formats 2019 et 2022. 10 Mo au plus."
    )
    buyer_siret = forms.CharField(
        label="SIRET de l’acheteur",
        required=False,
        max_length=20,
        help_text="Facultatif : ne garder que les marchés de cet acheteur.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        if not file.name.lower().endswith((".json", ".csv")):
            raise forms.ValidationError(REFUSED_TYPE)
        return file

    def clean_buyer_siret(self):
        siret = "".join(self.cleaned_data["buyer_siret"].split())
        if siret:
            validate_siret(siret)
        return siret

    def clean(self):
        data = super().clean()
        file = data.pop("file", None)
        if file is not None:
            data["file_name"], data["content"] = file.name[:200], file.read()
        return data
