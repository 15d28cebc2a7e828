"""An uploaded template is kept only when nothing in it can spoil a document."""

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from markets.documents.fields import FIELDS
from markets.documents.templates import check_template
from tests.core.made_files import OLE_HEADER, excel, word
from tests.support.word import LINKS, TYPES, opened, related, replaced, saved, template, with_member
