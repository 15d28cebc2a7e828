from django import forms

from clauses_portal.core.forms import DateInput
from facilitators.models import Commune
from participants.models import Participant


class PersonForm(forms.ModelForm):
    class Meta:
        model = Participant
        fields = [
            "territory",
            "last_name",
            "first_name",
            "birth_name",
            "birth_date",
            "sex",
            "commune",
            "address",
            "lives_in_qpv",
            "receives_rsa",
            "education_level",
            "prescriber",
        ]
        widgets = {"birth_date": DateInput()}

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories
        self.fields["territory"].empty_label = None
        self.fields["commune"].queryset = Commune.objects.all()
