"""The month of a company, typed by the company or for it."""

from django import forms

from clauses_portal.core import french
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from participants.enums import DeclarationState

REQUIRED = "Indiquez les heures, 0 si la personne n’a pas travaillé."
CERTIFIED = "Pour envoyer ce relevé, certifiez qu’il est exact."


class HoursField(forms.CharField):
    """Hours typed « 7,5 » or « 7h30 », given as a Decimal (h)."""

    def __init__(self, **kwargs):
        super().__init__(max_length=12, required=False, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            raise forms.ValidationError(REQUIRED)
        try:
            return french.parse_hours(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DeclarationForm(forms.Form):
    """Hours and a note for each open contract, who signs, and what goes with it."""

    signatory = forms.CharField(label="Vos nom et prénom", max_length=150, validators=[validate_one_line])
    job_title = forms.CharField(label="Votre fonction", max_length=150, required=False, validators=[validate_one_line])
    comment = forms.CharField(
        label="Remarque",
        max_length=1000,
        required=False,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    file = forms.FileField(
        label="Joindre votre relevé",
        required=False,
        help_text="PDF, photo (JPEG, PNG) ou tableur (XLSX, ODS, CSV), 10 Mo au plus. Jamais un bulletin de paie.",
    )
    certified = forms.BooleanField(
        label="Je certifie sur l’honneur que ces heures ont été faites sur ce marché.",
        error_messages={"required": CERTIFIED},
    )

    def __init__(self, data=None, files=None, *, contracts, lines, no_hours=False, **kwargs):
        super().__init__(data, files, **kwargs)
        self.contracts, self.no_hours = contracts, no_hours
        self.fields["certified"].required = not no_hours  # the button says it
        for contract in contracts:
            line = lines.get(contract.pk)
            said = line if line is not None and line.state == DeclarationState.SENT else None
            self._add_row(contract, said, no_hours)

    def _add_row(self, contract, said, no_hours):
        who = f"{contract.participant}, {contract.job_title}"
        field = forms.CharField(required=False) if no_hours else HoursField()
        field.label, field.initial = f"Heures de {who}", french.number(said.hours) if said else ""
        field.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"})
        note = forms.CharField(max_length=200, required=False, validators=[validate_one_line])
        note.label, note.initial = f"Absences ou précision pour {who}", said.note if said else ""
        note.widget = forms.TextInput(attrs={"autocomplete": "off", "class": "form-control", "maxlength": 200})
        self.fields[f"hours-{contract.pk}"], self.fields[f"note-{contract.pk}"] = field, note

    def rows(self):
        """[(contract, bound field of the hours, of the note)] in the order of the names."""
        return [(row, self[f"hours-{row.pk}"], self[f"note-{row.pk}"]) for row in self.contracts]

    def closing_fields(self):
        """What is asked once, below the people."""
        return [self[name] for name in ("comment", "file", "signatory", "job_title", "certified")]

    def clean(self):
        data = super().clean()
        upload = data.get("file")
        data["file"] = (upload.name, upload.read()) if upload else None
        return data

    def declared(self):
        """What `services.declarations.declare` wants of this form."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("signatory", "job_title", "comment", "file")}
        if self.no_hours:
            return {**told, "hours": {}, "no_hours": True}
        hours = {row.pk: (data[f"hours-{row.pk}"], data[f"note-{row.pk}"]) for row in self.contracts}
        return {**told, "hours": hours}


class PhoneDeclarationForm(DeclarationForm):
    """The same, typed by a facilitator for the company (domain.md §12, n° 31)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signatory"].label = "Personne de l’entreprise qui donne ces heures"
        self.fields["job_title"].label = "Sa fonction"
        self.fields["comment"].help_text = "Par exemple : donné par téléphone, relevé papier remis sur le chantier."
        self.fields["certified"].label = "Cette personne certifie ces heures sur l’honneur."
