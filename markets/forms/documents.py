from django import forms

from clauses_portal.core.files import LARGEST_FILE
from clauses_portal.core.french import file_size
from markets.enums import DocumentKind, LegalBasis

WORD = ".docx"
TOO_LARGE = f"Fichier trop volumineux ({file_size(LARGEST_FILE)} au plus)."


class TemplateForm(forms.Form):
    """A new version of the template of a document."""

    kind = forms.ChoiceField(label="Pièce", choices=[("", "—"), *DocumentKind.choices])
    file = forms.FileField(
        label="Modèle Word",
        widget=forms.FileInput(attrs={"accept": WORD}),
        help_text=f"Fichier DOCX, {file_size(LARGEST_FILE)} au plus. Il est contrôlé avant d’être mis en service.",
    )
    note = forms.CharField(
        label="Objet de cette version",
        required=False,
        max_length=200,
        help_text="Ce qui change, en une ligne : par exemple «\u00a0délai des fiches de poste\u00a0».",
    )

    def clean_file(self):
        """Refused before it is read in memory; everything else is checked by the service."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file


class PreviewForm(forms.Form):
    """The legal basis a preview is filled on: each has its wording."""

    fondement = forms.ChoiceField(label="Fondement juridique", required=False, choices=LegalBasis)
