"""What changes around a market: its dates and hours, the health of its company, the convention."""

from datetime import timedelta

from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from clauses_portal.core import french
from facilitators.models import Convention
from markets.alert_facts import Fact
from markets.enums import AlertCategory as A
from markets.enums import AlertSeverity as S
from markets.enums import Insolvency, ObjectiveKind
from markets.models import Award, Lot, ObjectiveEntry
from markets.models.market import UNDER_WAY
from participants.alert_rules.night import page_of_lot


def new_dates(night):
    """A12: the dates of a lot changed since its award, lately: an avenant, a suspension, a longer delay."""
    history = Lot.history.model.objects
    since = night.today - timedelta(days=night.threshold("event_days"))
    touched = history.filter(history_date__date__gte=since, state__in=UNDER_WAY).values("id")
    by_lot = {"partition_by": "id", "order_by": ["history_date", "history_id"]}
    rows = history.filter(id__in=touched).annotate(
        **{f"{name}_before": Window(Lag(name), **by_lot) for name in ("starts_on", "ends_on", "state")}
    )
    moved = Q(starts_on_before__isnull=False) & ~Q(starts_on=F("starts_on_before"))
    moved |= Q(ends_on_before__isnull=False) & ~Q(ends_on=F("ends_on_before"))
    rows = rows.filter(moved, history_date__date__gte=since, state__in=UNDER_WAY, state_before__in=UNDER_WAY)
    return [
        Fact(
            key=f"{A.AMENDMENT}:{row.id}:{row.history_id}",
            category=A.AMENDMENT,
            severity=S.INFO,
            territory_id=row.territory_id,
            lot_id=row.id,
            description=f"Les dates du lot ont changé : du {french.date(row.starts_on)} au {french.date(row.ends_on)} "
            f"(avant : du {french.date(row.starts_on_before)} au {french.date(row.ends_on_before)}).",
            path=page_of_lot(row.id),
        )
        for row in rows.order_by("history_id")
    ]


def new_hours(night):
    """A12: an avenant changed the hours due, lately."""
    since = night.today - timedelta(days=night.threshold("event_days"))
    rows = ObjectiveEntry.objects.filter(
        kind=ObjectiveKind.AMENDMENT, decided_at__date__gte=since, award__lot__state__in=UNDER_WAY
    )
    return [
        Fact(
            key=f"{A.AMENDMENT}:h{entry.pk}",
            category=A.AMENDMENT,
            severity=S.INFO,
            territory_id=entry.award.lot.territory_id,
            lot_id=entry.award.lot_id,
            company_id=entry.award.company_id,
            description=f"Avenant : {'+' if entry.hours > 0 else ''}{french.hours(entry.hours)} dues à compter du "
            f"{french.date(entry.effective_on)}.",
            path=page_of_lot(entry.award.lot_id),
        )
        for entry in rows.select_related("award__lot").order_by("pk")
    ]


def insolvency(night):
    """A14: the company of a lot under way is in insolvency proceedings; critical once it is wound up."""
    rows = Award.objects.live().filter(lot__state__in=UNDER_WAY).exclude(company__insolvency="")
    return [
        Fact(
            key=f"{A.LIQUIDATION}:{award.pk}",
            category=A.LIQUIDATION,
            severity=S.CRITICAL if award.company.insolvency == Insolvency.LIQUIDATION else S.WATCH,
            territory_id=award.lot.territory_id,
            lot_id=award.lot_id,
            company_id=award.company_id,
            description=f"{award.company.get_insolvency_display()} de l’entreprise, jugement du "
            f"{french.date(award.company.insolvency_on)} : heures restantes et successeur à décider.",
            path=page_of_lot(award.lot_id),
            due_on=night.answer_by,
        )
        for award in rows.select_related("lot", "company").order_by("pk")
    ]


def convention_ending(night):
    """A24: the last convention of a territory ends; graver once the nearest of the two delays is reached."""
    farthest, nearest = sorted(night.threshold("convention_days"), reverse=True)
    last = {}
    for convention in Convention.objects.order_by("ends_on", "pk").prefetch_related("territories"):
        last |= {territory.pk: convention for territory in convention.territories.all()}
    return [
        Fact(
            key=f"{A.CONVENTION_ENDING}:{convention.pk}:{territory}",
            category=A.CONVENTION_ENDING,
            severity=S.WATCH if (convention.ends_on - night.today).days <= nearest else S.INFO,
            territory_id=territory,
            description=f"La convention {convention.reference} prend fin le {french.date(convention.ends_on)}, "
            "et aucune ne la suit.",
        )
        for territory, convention in sorted(last.items())
        if (convention.ends_on - night.today).days <= farthest
    ]
