"""What the ledger's sums say: as tables for people and spreadsheets, and as the console's page shows them."""

from sluice.figures.limits import budgets_of, standing_everybodys, standing_of
from sluice.figures.overview import overview
from sluice.figures.spans import days, last_days, month, span_of
from sluice.figures.summary import summary
from sluice.figures.tables import COLUMNS, DIMENSIONS, PERSONAL, By, Table, csv_lines, fields, table

__all__ = [
    "COLUMNS",
    "DIMENSIONS",
    "PERSONAL",
    "By",
    "Table",
    "budgets_of",
    "csv_lines",
    "days",
    "fields",
    "last_days",
    "month",
    "overview",
    "span_of",
    "standing_everybodys",
    "standing_of",
    "summary",
    "table",
]
