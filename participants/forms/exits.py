from django import forms

from clauses_portal.core.forms import DateField
from participants.enums import EXIT_GROUPS, ExitGroup, ExitSituationKind
from participants.models import ExitSituation


def grouped_situations():
    """The situations under their group (domain.md §5.5), in the order of the list."""
    groups = {group: [] for group in ExitGroup}
    for kind in ExitSituationKind:
        groups[EXIT_GROUPS[kind]].append((kind.value, kind.label))
    return [("", "Choisissez"), *((group.label, kinds) for group, kinds in groups.items())]


class ExitForm(forms.ModelForm):
    """Where the person is: what she, her employer or her prescriber said."""

    observed_on = DateField(label="Constatée le")

    class Meta:
        model = ExitSituation
        fields = ["situation", "source", "observed_on", "job_title", "lasting_job_refused"]
        help_texts = {"source": "Sans objet pour une situation inconnue."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["situation"].choices = grouped_situations()
        self.fields["situation"].required = True

    def clean(self):
        data = super().clean()
        if data.get("situation") not in (None, ExitSituationKind.UNKNOWN) and not data.get("source"):
            self.add_error("source", "Indiquez qui l’a dit.")
        return data
