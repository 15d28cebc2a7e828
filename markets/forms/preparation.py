from django import forms

from clauses_portal.core.files import DOCUMENTS, LARGEST_FILE, labels
from clauses_portal.core.forms import SectionedForm, SeenForm
from clauses_portal.core.french import file_size
from markets.enums import DceKind
from markets.forms.markets import amount_field
from markets.services.preparation import LONGEST_REASON

EXTENSIONS = ",".join(extension for kind in DOCUMENTS for extension in kind.extensions)


class EstimatesForm(SeenForm, SectionedForm, forms.Form):
    """Every amount of an avant-projet on one confidential screen: the market, its lots, their phases."""

    def __init__(self, *args, lots, estimates=(None, {}, {}), **kwargs):
        total, by_lot, by_phase = estimates
        initial = {"market": total}
        initial |= {f"lot_{pk}": amount for pk, amount in by_lot.items()}
        initial |= {f"phase_{pk}": amount for pk, amount in by_phase.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.lots = lots
        alone = "Laissez vide : le lot unique prend le montant du marché." if len(lots) == 1 else ""
        self.fields["market"] = amount_field("Montant estimé du marché (€ HT)", "Tous les lots, durée ferme.")
        for lot in lots:
            self.fields[f"lot_{lot.pk}"] = amount_field(f"Montant estimé du lot {lot.number} (€ HT)", alone)
            for phase in lot.phases.all():
                self.fields[f"phase_{phase.pk}"] = amount_field(f"{phase} (€ HT)", "S’ajoute à la durée ferme.")

    @property
    def sections(self):
        names = {lot: [f"lot_{lot.pk}", *(f"phase_{phase.pk}" for phase in lot.phases.all())] for lot in self.lots}
        return [("Marché", ["market"]), *((f"Lot {lot.number} – {lot.title}", names[lot]) for lot in self.lots)]

    def amounts(self):
        """What `set_estimates` takes: total, {lot id: amount}, {phase id: amount}."""
        data, phases = self.cleaned_data, [phase for lot in self.lots for phase in lot.phases.all()]
        return {
            "total": data["market"],
            "lots": {lot.pk: data[f"lot_{lot.pk}"] for lot in self.lots},
            "phases": {phase.pk: data[f"phase_{phase.pk}"] for phase in phases},
            "seen": data["seen"],
        }


class DceForm(forms.Form):
    kind = forms.ChoiceField(label="Nature de la pièce", choices=[("", "—"), *DceKind.choices])
    file = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": EXTENSIONS}),
        help_text=f"{labels(DOCUMENTS)}, {file_size(LARGEST_FILE)} au plus.",
    )

    def clean_file(self):
        """Refused before it is read in memory; everything else is checked by the service."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(f"Fichier trop volumineux ({file_size(LARGEST_FILE)} au plus).")
        return file


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui manque",
        max_length=LONGEST_REASON,
        help_text="En une ligne, sans montant : tous ceux qui voient le marché la lisent.",
    )
