"""No social security number anywhere (domain.md §8): every text a person can type refuses one, or says why not."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField, EmailField, TextField

from tests.support.source import models

NIR = {13: "1850713055123", 15: "185071305512347"}
SHORTEST = min(NIR)  # a shorter column has no room for one
# The portal writes these by itself, whatever the table.
OURS = {"sha256", "digest", "signature", "mime", "step", "error", "path", "password"}
OFFICE = "named by the administrator: a place, an organisation or a colleague, never a person followed"
FILE = "name of a file on the sender's disk, shown to those who may open the file"
LIST = "reference list shipped with the portal or loaded from an official file"
PORTAL = "written by the portal, from texts that were checked"
PROVIDER = "told by the provider of identities, signed, never typed"
ACCEPTED = {
    "accounts.FormDraft.key": PORTAL,
    "accounts.JournalEntry.object_kind": PORTAL,
    "accounts.JournalEntry.route": PORTAL,
    "accounts.ProConnectIdentity.issuer": PROVIDER,
    "accounts.ProConnectIdentity.subject": PROVIDER,
    "accounts.User.first_name": OFFICE,
    "accounts.User.last_name": OFFICE,
    "facilitators.AccessKey.networks": "its service accepts addresses alone",
    "facilitators.Commune.name": LIST,
    "facilitators.Convention.reference": OFFICE,
    "facilitators.Directorate.code": OFFICE,
    "facilitators.Directorate.name": OFFICE,
    "facilitators.ExternalReference.resource": PORTAL,
    "facilitators.OutgoingMail.attachment_name": PORTAL,
    "facilitators.OutgoingMail.attachment_type": PORTAL,
    "facilitators.OutgoingMail.body": PORTAL,
    "facilitators.RepeatableRequest.fingerprint": PORTAL,
    "facilitators.RepeatableRequest.value": "drawn by a program for one request, erased after a day",
    "facilitators.Structure.name": OFFICE,
    "facilitators.Structure.phone": OFFICE,
    "facilitators.Territory.code": OFFICE,
    "facilitators.Territory.name": OFFICE,
    "facilitators.Territory.slug": OFFICE,
    "facilitators.WebhookDelivery.answer": PORTAL,
    "facilitators.WebhookDelivery.resource": PORTAL,
    "markets.CalibrationMethod.method": PORTAL,
    "markets.ClauseDecision.duty_article": PORTAL,
    "markets.CpvCode.label": LIST,
    "markets.Criterion.code": LIST,
    "markets.ImportRun.buyer_siret": "its form checks the key of a SIRET",
    "markets.ImportRun.file_name": FILE,
    "markets.LegalThreshold.category": LIST,
    "markets.MeetingMinutes.number": PORTAL,
    "markets.PenaltyLetter.number": PORTAL,
    "markets.PenaltyRule.code": LIST,
    "markets.ProgrammeImport.file_name": FILE,
    "markets.RomeCode.label": LIST,
    "markets.Trade.code": LIST,
    "participants.EligibilityCertificate.number": PORTAL,
    "participants.ImportedLine.message": PORTAL,
    "participants.WorkCertificate.number": PORTAL,
    "reporting.DataImport.file_name": FILE,
    "reporting.ExchangeLine.message": PORTAL,
    "reporting.ExchangeLine.reference": "its service refuses a NIR in what it records; erased otherwise",
    "reporting.ExecutionCertificate.number": PORTAL,
    "reporting.ProductionBatch.period_code": PORTAL,
    "reporting.Statement.period_code": PORTAL,
    "reporting.StatementFile.name": PORTAL,
}


def typed():
    """{label: field} of the texts that a person can type: editable, free, with room for a NIR."""
    fields = {str(field): getattr(field, "base_field", field) for model in models() for field in own_texts(model)}
    return {label: field for label, field in fields.items() if (field.max_length or SHORTEST) >= SHORTEST}


def own_texts(model):
    return [field for field in model._meta.local_fields if is_free_text(getattr(field, "base_field", field), field)]


def is_free_text(text, field):
    """An e-mail address is left out: it is whatever it is, and a wrong one comes back."""
    if not isinstance(text, CharField | TextField) or isinstance(text, EmailField):
        return False
    return field.editable and not text.choices and field.name not in OURS


def accepts_a_nir(field):
    number = NIR[15] if (field.max_length or 15) >= 15 else NIR[13]
    try:
        field.clean(number, None)
    except ValidationError:
        return False
    return True


def test_every_text_refuses_a_nir_or_says_why_not():
    accepting = {label for label, field in typed().items() if accepts_a_nir(field)}
    assert accepting - set(ACCEPTED) == set(), "give these fields validate_plain_text or validate_one_line"
    assert set(ACCEPTED) - accepting == set(), "these exceptions no longer serve"


@pytest.mark.parametrize(
    "label",
    [
        "participants.Participant.last_name",
        "participants.Participant.address",
        "participants.EligibilityValidation.reason",
        "participants.EmploymentContract.job_title",
        "markets.Alert.description",
        "reporting.Statement.comments",
    ],
)
def test_the_texts_about_persons_are_among_them(label):
    """Reading the models with the wrong eyes would make the test above pass on nothing."""
    assert label in typed()
    assert not accepts_a_nir(typed()[label])
