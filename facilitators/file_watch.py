"""Files in which the antivirus finds something: blocked by the kernel, and told to the administrators (A23)."""

import logging

from django.urls import reverse

from clauses_portal.core.scan_rounds import scan_waiting
from facilitators.enums import Role
from facilitators.notifications import members, notify

logger = logging.getLogger(__name__)

TOLD = "Virus trouvé dans un fichier déposé ({kind} n° {number}) : il est bloqué. Prévenez la personne qui l’a déposé."


def scan_files():
    """One round of the antivirus; the administrators are told of each infected file. Returns how many."""
    infected = scan_waiting()
    for scan in infected:
        logger.error("virus dans %s %s : %s", scan.object_kind, scan.object_id, scan.threat)
        text = TOLD.format(kind=scan.kind_label, number=scan.object_id)
        notify(members(Role.ADMINISTRATOR), text, reverse("home"))
    return len(infected)
