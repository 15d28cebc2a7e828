from django import forms

from clauses_portal.core.forms import DateField, DateInput, SectionedForm, SeenForm
from facilitators.models import Commune
from markets.forms.codes import RomeField
from participants.enums import InformationMeans
from participants.models import Participant

NO_SENSITIVE_WORD = "Jamais d’information sur la santé, la famille ou la justice."


class IdentityForm(forms.ModelForm):
    """What identifies a person, typed first: nothing else is needed to follow her."""

    class Meta:
        model = Participant
        fields = ["territory", "last_name", "first_name", "birth_name", "birth_date", "sex", "commune"]
        fields += ["prescriber", "prescriber_name"]
        widgets = {"birth_date": DateInput()}

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        self.fields["territory"].empty_label = None
        self.fields["commune"].queryset = Commune.objects.all()


class NewPersonForm(IdentityForm):
    """The short form of a new person. `confirmed`: the files she was compared with, and is not (ids, commas)."""

    informed_how = forms.ChoiceField(
        label="Information de la personne sur ses données",
        required=False,
        choices=[("", "Pas encore faite"), *InformationMeans.choices],
        help_text="La notice peut aussi être enregistrée plus tard, depuis la fiche.",
    )
    confirmed = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class PersonForm(SeenForm, SectionedForm, IdentityForm):
    """The whole file, in sections: what is not known stays empty."""

    sections = (
        ("Identité", ("territory", "last_name", "first_name", "birth_name", "birth_date", "sex")),
        ("Domicile et contact", ("commune", "address", "lives_in_qpv", "qpv_code", "phone", "email")),
        (
            "Situation à l’entrée",
            ("entered_on", "entry_situation", "education_level", "receives_rsa", "france_travail_id", "follows_plie"),
        ),
        ("Prescripteur", ("prescriber", "prescriber_name")),
        ("Projet", ("wanted_jobs", "available_from", "skills", "has_licence", "has_vehicle")),
    )
    wanted_jobs = RomeField(label="Métiers recherchés")

    class Meta(IdentityForm.Meta):
        fields = [*IdentityForm.Meta.fields, "address", "lives_in_qpv", "qpv_code", "phone", "email", "entered_on"]
        fields += ["entry_situation", "education_level", "receives_rsa", "france_travail_id", "follows_plie"]
        fields += ["available_from", "skills", "has_licence", "has_vehicle"]
        field_classes = {"entered_on": DateField, "available_from": DateField}
        help_texts = {
            "qpv_code": "Six caractères après QN ou QP, lus sur sig.ville.gouv.fr : il dit qu’elle y réside.",
            "france_travail_id": "8 ou 11 caractères. Jamais le numéro de sécurité sociale.",
            "skills": f"Habilitations, CACES, expérience. {NO_SENSITIVE_WORD}",
            "entry_situation": "Celle du jour de son entrée : elle ne change plus ensuite.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["wanted_jobs"] = list(self.instance.wanted_jobs.all())

    def clean_qpv_code(self):
        return self.cleaned_data["qpv_code"].strip().upper()

    def clean(self):
        data = super().clean()
        if data.get("qpv_code") and data.get("lives_in_qpv") is None:
            data["lives_in_qpv"] = True
        return data


class NoticeForm(forms.Form):
    how = forms.ChoiceField(label="Comment la personne a été informée", choices=InformationMeans)


class MergeForm(forms.Form):
    """Field by field, which of two files is right. `choices`: [(name, label, value kept, value of the other)]."""

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label, kept, other in choices:
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("kept", kept or "non renseigné"), ("merged", other or "non renseigné")],
                widget=forms.RadioSelect,
                initial="kept" if kept else "merged",
            )

    def from_merged(self):
        """Names of the fields whose value is that of the other file."""
        return [name for name, chosen in self.cleaned_data.items() if chosen == "merged"]
