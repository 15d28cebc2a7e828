"""The filters of the dashboard, all in its address, with a default for each role."""

from contextlib import suppress

from django import forms
from django.utils import timezone

from clauses_portal.core.exports import criteria_of
from clauses_portal.core.periods import Quarter, TwelveMonths, Year, parse_period
from facilitators.models import Convention, Directorate, Territory
from markets.models import Trade

QUARTERS, YEARS = 8, 5


def _capitalised(text):
    return text[:1].upper() + text[1:]


def _going_back(period, number):
    periods = [period]
    while len(periods) < number:
        periods.append(periods[-1].previous)
    return periods


def periods_for(reader, today):
    """[(group, [periods])] one may choose: quarters are for those who read small numbers.

    From one quarter to the next the figures of a handful of persons could be worked out.
    """
    groups = [("Trimestres", _going_back(Quarter.of(today), QUARTERS))] if reader.reads_details else []
    groups.append(("Années civiles", _going_back(Year(today.year), YEARS)))
    convention = Convention.objects.in_force(today).order_by("-signed_on").first()
    if convention is not None:
        groups.append(("Années de convention", _since(convention.signed_on, today)))
    return groups


def _since(signed_on, today):
    """The years of a convention begun so far, the latest first."""
    year, years = TwelveMonths.holding(today, since=signed_on), []
    while year.end >= signed_on:
        years.append(year)
        year = year.previous
    return years


class BoardForm(forms.Form):
    """Period, territory, directorate, trade; what makes no sense, or is not the reader’s to choose, filters nothing."""

    periode = forms.ChoiceField(label="Période")
    territoire = forms.ModelChoiceField(
        label="Territoire", queryset=Territory.objects.none(), required=False, empty_label="Tous"
    )
    direction = forms.ModelChoiceField(
        label="Direction", queryset=Directorate.objects.none(), required=False, empty_label="Toutes"
    )
    metier = forms.ModelChoiceField(
        label="Corps de métier", queryset=Trade.objects.order_by("label"), required=False, empty_label="Tous"
    )

    def __init__(self, data, *, reader):
        self.reader, today = reader, timezone.localdate()
        self.default = Quarter.of(today) if reader.is_of_territories and reader.reads_details else Year(today.year)
        super().__init__({"periode": str(self.default)} | {name: value for name, value in data.items() if value})
        groups = periods_for(reader, today)
        self._offer(groups, self.data["periode"])
        self._keep_what_is_hers()

    def _offer(self, groups, asked):
        """The periods of the list, and the one of the address when it is older."""
        choices = [(group, [(str(one), _capitalised(one.label)) for one in periods]) for group, periods in groups]
        offered = {str(one) for _, periods in groups for one in periods}
        if self.reader.reads_details and asked not in offered:
            with suppress(ValueError):  # refused as any period that is not in the list
                choices.append(("Autre", [(asked, _capitalised(parse_period(asked).label))]))
        self.fields["periode"].choices = choices

    def _keep_what_is_hers(self):
        reader = self.reader
        if reader.is_of_a_directorate:
            del self.fields["territoire"]
            self.fields["direction"].queryset = reader.directorates()
            self.fields["direction"].empty_label = None
            return
        self.fields["territoire"].queryset = reader.territories()
        if reader.is_everywhere or reader.directorate_ids:
            self.fields["direction"].queryset = reader.directorates()
        else:
            del self.fields["direction"]

    @property
    def chosen(self):
        """{territory, directorate, trade} as chosen; one directorate at least for who reads nothing else."""
        self.is_valid()
        data = self.cleaned_data
        directorate = data.get("direction")
        if directorate is None and self.reader.is_of_a_directorate:
            directorate = self.reader.directorates().first()
        return {"territory": data.get("territoire"), "directorate": directorate, "trade": data.get("metier")}

    def criteria(self):
        """[(label, value)] of what is shown, for its files: the period always, even when it is the usual one."""
        others = [(label, value) for label, value in criteria_of(self) if label != self.fields["periode"].label]
        return [(self.fields["periode"].label, _capitalised(self.period.label)), *others]

    @property
    def period(self):
        self.is_valid()
        return parse_period(self.cleaned_data["periode"]) if self.cleaned_data.get("periode") else self.default
