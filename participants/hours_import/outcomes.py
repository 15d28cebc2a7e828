"""Outcomes of the lines of a statement, by what one may still do with them."""

from participants.enums import ImportOutcome as Outcome

# What « Enregistrer » writes, and what a person may still decide to write.
WRITTEN = (Outcome.READY, Outcome.FORCED)
CHOICES = (Outcome.DIFFERS, Outcome.DOUBLE)
