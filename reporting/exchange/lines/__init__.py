"""The tables of a package, one by one, in the order in which their lines are written."""

from reporting.exchange.lines.alerts import Alerts
from reporting.exchange.lines.awards import Awards
from reporting.exchange.lines.companies import Companies
from reporting.exchange.lines.contracts import Contracts
from reporting.exchange.lines.exits import Exits
from reporting.exchange.lines.hours import Hours
from reporting.exchange.lines.lots import Lots
from reporting.exchange.lines.markets import Markets
from reporting.exchange.lines.openings import Openings
from reporting.exchange.lines.operations import Operations
from reporting.exchange.lines.persons import Persons
from reporting.exchange.lines.validations import Validations

ORDER = (
    Operations(),
    Markets(),
    Lots(),
    Companies(),
    Awards(),
    Openings(),
    Persons(),
    Validations(),
    Contracts(),
    Hours(),
    Exits(),
    Alerts(),
)
LINES = {table.kind: table for table in ORDER}
