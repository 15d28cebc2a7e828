"""PostgreSQL, Valkey and the portal itself on one machine, for the demonstration and the tests.

Both servers come from Python wheels, keep their data under `.run/` and answer on a private Unix socket or on
loopback only. Never used in production (docs/adr/0003).
Command line: `python -m clauses_portal.embedded --help`.
"""

from clauses_portal.embedded.state import ServicesNotStarted, service_urls

__all__ = ["ServicesNotStarted", "service_urls"]
