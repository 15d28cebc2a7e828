"""The four documents of two lots ready to be published, produced as a worker does (C8, C11)."""

from django.utils import timezone

from markets.enums import LotState
from markets.models import DocumentJob
from markets.services.documents import do_documents
from reporting.demo.calendar import at

LOTS = 2


def produce_papers(world, sites):
    """Produce the documents of the first calibrated lots that no company holds yet."""
    ready = [site for site in sites if site.state == LotState.CALIBRATED][:LOTS]
    for site in ready:
        job = DocumentJob(lot=site.lot, asked_at=at(world.calendar.today, 0), asked_by=world.officer)
        job.state, job.finished_on = "done", timezone.now()
        job.save()
        do_documents(job, lambda step: None)
        world.made["pièces produites"] += 4
