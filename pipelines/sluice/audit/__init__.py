"""The audit log: a line for every decision, each chained to the one before it, and never a text.

`entry` says what a line holds, `chain` how lines hang together, `store` keeps them in SQLite, `log` writes them,
`verification` walks the chain, `export` prints it.
"""

from sluice.audit.entry import Entry, Event
from sluice.audit.export import COLUMNS, csv_lines, json_lines
from sluice.audit.log import Audit
from sluice.audit.verification import Verification, verify

__all__ = ["COLUMNS", "Audit", "Entry", "Event", "Verification", "csv_lines", "json_lines", "verify"]
