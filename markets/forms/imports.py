from django import forms

from clauses_portal.core.validators import validate_siret

LARGEST_FILE = 10 * 1024 * 1024
TOO_LARGE = "Fichier trop volumineux (10 Mo au plus)."
REFUSED_TYPE = "Type de fichier refusé."


def siret_of(text):
    """The SIRET typed, its blanks left out, or « ». Raises ValidationError."""
    siret = "".join(text.split())
    if siret:
        validate_siret(siret)
    return siret


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
        return siret_of(self.cleaned_data["buyer_siret"])

    def clean(self):
        data = super().clean()
        file = data.pop("file", None)
        if file is not None:
            data["file_name"], data["content"] = file.name[:200], file.read()
        return data


class WatchForm(forms.Form):
    """The buyer whose published data are read every night."""

    buyer_siret = forms.CharField(label="SIRET de l’acheteur", max_length=20)

    def clean_buyer_siret(self):
        return siret_of(self.cleaned_data["buyer_siret"])
