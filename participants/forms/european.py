from django import forms

from clauses_portal.core.forms import DateField
from participants.enums import FseAnswer
from participants.services.european import QUESTIONS


class EuropeanAnswersForm(forms.Form):
    """The answers of a person for one of her operations, as she signed them."""

    signed_on = DateField(
        label="Questionnaire signé le",
        required=False,
        help_text="La personne signe le questionnaire du programme : sans signature, rien n’est saisi.",
    )

    def __init__(self, *args, model, **kwargs):
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            label = str(model._meta.get_field(question).verbose_name).capitalize()
            self.fields[question] = forms.ChoiceField(
                label=label, choices=FseAnswer, initial=FseAnswer.NOT_ASKED, widget=forms.RadioSelect
            )

    def answers(self):
        """{question: answer} of the form."""
        return {question: self.cleaned_data[question] for question in QUESTIONS}
