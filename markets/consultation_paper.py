"""The questions and answers of a consultation as a Word file, ready for the buyer profile: no company is named."""

import io
from datetime import datetime

from docx import Document

from clauses_portal.core import french

TITLE = "Questions et réponses sur la clause sociale d’insertion"


def answers_paper(market, rows, *, on):
    """Return the DOCX (bytes) of the answered questions `rows`, dated `on`: the same for every candidate."""
    paper = Document()
    paper.core_properties.title, paper.core_properties.author = TITLE, "Département des Bouches-du-Rhône"
    paper.core_properties.language = "fr-FR"
    paper.core_properties.created = paper.core_properties.modified = datetime(on.year, on.month, on.day)  # noqa: DTZ001
    paper.add_heading(TITLE, level=1)
    paper.add_paragraph(f"Marché {market.number} – {market.title}")
    paper.add_paragraph(f"État au {french.date(on)}. Ces réponses s’adressent à toutes les entreprises candidates.")
    for position, row in enumerate(rows, 1):
        paper.add_heading(f"Question {position}, reçue le {french.date(row.asked_on)}", level=2)
        paper.add_paragraph(row.question)
        paper.add_heading("Réponse", level=3)
        paper.add_paragraph(row.answer)
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()
