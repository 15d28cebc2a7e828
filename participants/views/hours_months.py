from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from clauses_portal.core.periods import Quarter, month_range, month_start
from clauses_portal.core.web import answer_form, attempt, tell, trail
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable
from participants import grid
from participants.counting import day_to_split, natures_of
from participants.enums import HoursNature, RejectionReason
from participants.forms.hours import RegulariseForm, SplitForm, WithholdForm
from participants.models import EmploymentContract, HoursEntry
from participants.services import hours

P = Permission
READ_WITH = ("participant", "employer", "award", "lot__market__counting_rule")


@reads_names("participants.employmentcontract")
@require_safe
def hours_month(request, pk):
    """One month of a contract (?mois=2026-07): its parts, why they count or not, its corrections, what may be done."""
    page = MonthPage(request, pk, P.VIEW_HOURS)
    return render(request, "participants/hours_month.html", page.context())


class MonthPage:
    """What the pages of a month share: the contract, the month, the nature, what is recorded."""

    def __init__(self, request, pk, permission, month=None):
        contracts = EmploymentContract.objects.select_related(*READ_WITH)
        self.request, self.contract = request, get_actionable(contracts, request.user, permission, pk=pk)
        self.month, self.nature = month or _month_asked(request), _nature(request, self.contract)
        self.sheet = hours.read_sheet(self.contract, self.month, self.nature)
        self.closed = hours.is_closed(self.contract.territory_id, self.month)

    @property
    def person(self):
        one = EmploymentContract.objects.actionable_by(self.request.user, P.VIEW_PERSONS).filter(pk=self.contract.pk)
        return grid.label_of(self.contract, {self.contract.pk} if one.exists() else set())

    @property
    def label(self):
        """« Heures de mars 2026 »."""
        kind = "Heures de formation" if self.nature != natures_of(self.contract.contract_type)[0] else "Heures"
        return f"{kind}, {french_month(self.month)}"

    @property
    def query(self):
        """What follows « ? » in the addresses of this month."""
        usual = natures_of(self.contract.contract_type)[0]
        return f"mois={self.month:%Y-%m}" + ("" if self.nature == usual else f"&nature={self.nature}")

    def url(self):
        return f"{reverse('participants:hours_month', args=[self.contract.pk])}?{self.query}"

    def context(self):
        allowed = EmploymentContract.objects.actionable_by(self.request.user, P.ENTER_HOURS)
        standing = hours.standing_parts(self.sheet)
        return {
            "page": self,
            "contract": self.contract,
            "parts": [(entry, hours.sentence_of(entry)) for entry in self.sheet.parts],
            "corrections": self.sheet.corrections,
            "standing": [(first, last, *hours.total_of(rows)) for (first, last), rows in standing.items()],
            "may_type": allowed.filter(pk=self.contract.pk).exists(),
            "grid_url": self.grid_url(),
            "breadcrumbs": self.trail(self.label),
        }

    def grid_url(self):
        return f"{reverse('participants:hours', args=[self.contract.lot_id])}?jusqu={self.month:%Y-%m}"

    def trail(self, *titles):
        lot = self.contract.lot
        place = (f"{lot.market.number} lot {lot.number}", self.grid_url())
        return trail(("Heures", reverse("participants:hours_lots")), place, *((title, None) for title in titles))

    def answer(self, form, title, lede=""):
        lede = lede or f"{self.person} – {self.label.lower()}"
        context = {"title": title, "lede": lede, "cancel_url": self.url(), "breadcrumbs": self.trail(title)}
        return answer_form(self.request, "components/form_page.html", form, context)

    def done(self, sentence, warning=""):
        messages.success(self.request, sentence)
        if warning:
            messages.warning(self.request, warning)
        return redirect(self.url())


def _month_asked(request):
    """The month of ?mois=2026-07, this one when there is none or it makes no sense."""
    try:
        return grid.parse_month(request.GET.get("mois", ""))
    except ValueError:
        return month_start(timezone.localdate())


def _nature(request, contract):
    """The nature asked in the address, when this contract has hours of it; else its usual one."""
    possible = natures_of(contract.contract_type)
    asked = request.GET.get("nature")
    return HoursNature(asked) if asked in possible else possible[0]


def french_month(month):
    """« mars 2026 »."""
    return formats.date_format(month, "F Y")


@reads_names("participants.employmentcontract")
@require_http_methods(["GET", "POST"])
def hours_split(request, pk):
    """Cut the month in two by day; the day to cut at is proposed."""
    page = MonthPage(request, pk, P.ENTER_HOURS)
    form = SplitForm(request.POST or None, initial=_proposed_split(page))
    if form.is_valid() and attempt(form, lambda: _split(page, form)):
        return page.done("Le mois est réparti.", form.warning)
    return page.answer(form, "Répartir un mois par jours")


def _split(page, form):
    outcome = hours.split_month(
        contract=page.contract, month=page.month, nature=page.nature, by=page.request.user, **form.cleaned_data
    )
    form.warning = outcome.message


def _proposed_split(page):
    parts = page.sheet.parts
    proposed = {"version": page.sheet.version}
    if len(parts) == 2:
        return proposed | {
            "first_day": parts[1].starts_on,
            "before": parts[0].declared,
            "from_then": parts[1].declared,
        }
    try:
        first, last = hours.days_of_month(page.contract, page.month)
    except DomainError as error:
        raise Http404 from error
    granted = hours.granted_days(page.contract.participant_id)
    terms = hours.terms_of_contract(page.contract, page.nature)
    return proposed | {"first_day": day_to_split(first, last, granted, terms)}


@require_POST
def hours_join(request, pk):
    """Put the two parts of a month together again."""
    page = MonthPage(request, pk, P.ENTER_HOURS)
    whole = {"contract": page.contract, "month": page.month, "nature": page.nature}
    tell(request, lambda: hours.join_month(by=request.user, **whole), "Les deux parties du mois sont réunies.")
    return redirect(page.url())


@reads_names("participants.employmentcontract")
@require_http_methods(["GET", "POST"])
def hours_regularise(request, pk):
    """Correct a month that was sent: the right total is typed, the difference is booked later."""
    page = MonthPage(request, pk, P.ENTER_HOURS)
    form = RegulariseForm(request.POST or None, initial=_proposed_correction(page))
    if form.is_valid() and attempt(form, lambda: _regularise(page, form)):
        return page.done(form.sentence)
    about = hours.NOT_CLOSED
    if page.closed:
        about = (
            f"L’état du {Quarter.of(page.month).label} est envoyé : il ne change pas. "
            "L’écart s’inscrit dans le premier mois encore ouvert."
        )
    return page.answer(form, "Régulariser un mois clôturé", f"{page.person} – {page.label.lower()}. {about}")


def _proposed_correction(page):
    """The days asked by ?du=&au=, or those of the only part, or the whole month; the version that was read."""
    standing = list(hours.standing_parts(page.sheet))
    asked = (page.request.GET.get("du", ""), page.request.GET.get("au", ""))
    first, last = next((days for days in standing if tuple(map(str, days)) == asked), (None, None))
    if first is None:
        first, last = standing[0] if len(standing) == 1 else month_range(page.month)
        first = max(first, page.contract.starts_on)
        last = min(last, page.contract.ends_on or last)
    return {"version": hours.version_of_month(page.sheet), "first": first, "last": last}


def _regularise(page, form):
    data = form.cleaned_data
    correction = hours.regularise(
        contract=page.contract,
        month=page.month,
        nature=page.nature,
        days=(data["first"], data["last"]),
        hours=data["hours"],
        reason=data["reason"],
        version=data["version"],
        by=page.request.user,
    )
    form.sentence = (
        f"La régularisation est inscrite en {french_month(correction.month)} : "
        f"{french.hours(correction.declared)} déclarées, {french.hours(correction.counted)} comptabilisées."
    )


def _entry(request, pk):
    rows = HoursEntry.objects.typed().select_related("contract__lot__market__counting_rule", "contract__participant")
    return get_actionable(rows, request.user, P.ENTER_HOURS, pk=pk)


def _page_of(request, entry):
    page = MonthPage(request, entry.contract_id, P.ENTER_HOURS, month_start(entry.starts_on))
    page.nature = entry.nature
    return page


@reads_names("participants.hoursentry")
@require_http_methods(["GET", "POST"])
def hours_withhold(request, pk):
    """Set hours aside by hand: a double declaration, an absence, no evidence."""
    entry = _entry(request, pk)
    page = _page_of(request, entry)
    initial = {"version": entry.version, "hours": entry.withheld or entry.declared, "reason": entry.withheld_reason}
    form = WithholdForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(form, lambda: hours.withhold(entry=entry, by=request.user, **form.cleaned_data)):
        return page.done("Les heures écartées sont enregistrées.")
    lede = (
        f"{page.person} – {french.hours(entry.declared)} déclarées du {french.date(entry.starts_on)} au "
        f"{french.date(entry.ends_on)}. Les heures écartées restent visibles, avec leur motif, et ne comptent pas."
    )
    return page.answer(form, "Écarter des heures", lede)


@require_POST
def hours_duplicate(request, pk):
    """One click: these hours are declared by the lender and by the user company; those of this row are set aside."""
    entry = _entry(request, pk)
    back = f"{reverse('participants:hours', args=[entry.lot_id])}?jusqu={entry.starts_on:%Y-%m}"
    aside = {"hours": entry.declared, "reason": RejectionReason.DUPLICATE}
    done = f"{french.hours(entry.declared)} écartées comme doublon."
    tell(request, lambda: hours.withhold(entry=entry, by=request.user, **aside), done)
    return redirect(back)
