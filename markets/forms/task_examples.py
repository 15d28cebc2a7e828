from django import forms


class TaskSearchForm(forms.Form):
    metier = forms.CharField(label="Métier ou tâche", required=False, max_length=80)

    def wanted(self):
        """What is asked, or nothing when it makes no sense."""
        return self.cleaned_data["metier"] if self.is_valid() else ""
