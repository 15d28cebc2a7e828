"""Bringing the file of another program: which file, which column is what, what its values mean."""

from django import forms
from django.utils import timezone

from clauses_portal.core.forms import ColumnsForm, Section, UploadForm
from clauses_portal.core.french import typographic
from reporting.enums import ExchangeTable
from reporting.exchange.foreign.fields import EMPLOYER_NAME, FULL_NAME, MARKET, MONTH, fields_of

FIRST_YEAR = 2000
MARKET_GROUP = "Marché"
# Under what the fields of ours are asked.
GROUPS = {
    FULL_NAME.name: ExchangeTable.PERSONS,
    EMPLOYER_NAME.name: ExchangeTable.CONTRACTS,
    MONTH.name: ExchangeTable.HOURS,
}
NO_MEANING = "— ne pas reprendre cette valeur"
YEAR_HELP = typographic("Seulement si les colonnes s’appellent « janvier », « février »… sans année.")
MARKET_HELP = typographic("Aucun marché ne porte ce numéro : écrivez celui du portail, puis « lot 2 » au besoin.")


class ForeignFileForm(UploadForm):
    """The file and what it is. Its content is checked by the service."""

    structure = forms.ModelChoiceField(None, label="Structure", empty_label=None)
    system = forms.CharField(
        label="Logiciel ou tableur d’origine",
        max_length=60,
        help_text="Toujours le même nom pour la même source : ses colonnes et ses valeurs seront reconnues.",
    )
    kind = forms.ChoiceField(
        label="Ce que contient le fichier",
        choices=[(ExchangeTable.FOLLOW_UP.value, ExchangeTable.FOLLOW_UP.label), *ExchangeTable.choices[:-1]],
    )
    territory = forms.ModelChoiceField(
        None,
        label="Territoire",
        required=False,
        empty_label="Dit par chaque ligne",
        help_text="Celui des lignes qui n’en nomment pas.",
    )
    year = forms.IntegerField(
        label="Année des colonnes de mois",
        required=False,
        help_text=YEAR_HELP,
    )
    file = forms.FileField(
        label="Fichier (XLSX, ODS ou CSV)",
        help_text="Une ligne de titres, puis les données. 10 Mo, 5 000 lignes et 60 colonnes au plus.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )

    def __init__(self, *args, structures, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset, self.fields["territory"].queryset = structures, territories

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and not FIRST_YEAR <= year <= timezone.localdate().year + 1:
            raise forms.ValidationError("Cette année n’est pas crédible.")
        return year


class ForeignColumnsForm(ColumnsForm):
    """Which column of the file is what, for this kind of file."""

    def __init__(self, *args, kind, **kwargs):
        self.known = fields_of(kind)
        self.labels = {name: field.label for name, field in self.known.items()}
        super().__init__(*args, **kwargs)

    def parts(self):
        """The fields under what they tell: the person, her validation, her contract, the market…"""
        groups = {}
        for name, field in self.known.items():
            group = field.table or GROUPS.get(name)
            groups.setdefault(ExchangeTable(group).label if group else MARKET_GROUP, []).append(self[name])
        return [Section(title, fields) for title, fields in groups.items()]


class ValuesForm(forms.Form):
    """What each value of the file means. `matched`: {Field: ([Choice], [(value, label)])}; `markets`: [Choice] of the
    texts that name no market of the portal."""

    def __init__(self, *args, matched, markets, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = {}
        self.sections = []
        for column, (choices, meanings) in matched.items():
            options = [("", NO_MEANING), *meanings]
            self._ask(column, choices, lambda one, options=options: _list_of(one, options))
        if markets:
            self._ask(MARKET, markets, _market_named)

    def _ask(self, column, choices, make):
        names = []
        for number, choice in enumerate(choices):
            name = f"{column.name}-{number}"
            self.fields[name], self.asked[name] = make(choice), (column.name, choice.key)
            names.append(name)
        self.sections.append((column.label, names))

    def parts(self):
        """The fields, column by column."""
        return [Section(title, [self[name] for name in names]) for title, names in self.sections]

    def values(self):
        """{column: {key: meaning}} as `services.foreign.set_values` wants it; a market left empty stays as written."""
        said = {}
        for name, (column, key) in self.asked.items():
            meaning = self.cleaned_data[name]
            if meaning or column != MARKET.name:
                said.setdefault(column, {})[key] = meaning
        return said


def _list_of(choice, options):
    return forms.ChoiceField(label=choice.text, choices=options, initial=choice.meaning, required=False)


def _market_named(choice):
    return forms.CharField(
        label=choice.text,
        initial=choice.meaning,
        required=False,
        max_length=100,
        help_text=MARKET_HELP,
    )
