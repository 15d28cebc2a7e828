"""What a worker does for the portal as a whole."""

from celery import shared_task

from clauses_portal.core import pulse


@shared_task(bind=True)
def sign_of_life(self):
    """Every minute, on each queue: somebody takes what is sent there."""
    pulse.sign(pulse.worker_of(self.request.delivery_info["routing_key"]))
