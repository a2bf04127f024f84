"""Each person is told once of each limit, and the bookings of one message are found without reading all of a person's.

Which warnings had been given is not taken over, for it does not say of which limit: some people are told once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LENGTHS = {"scope": 8, "subject": 128, "period": 8, "start": 10, "limit": 24, "user": 128}


def upgrade() -> None:
    for name in ("chat", "message"):
        op.drop_index(f"bookings_{name}", "bookings")
        op.create_index(f"bookings_{name}", "bookings", [name, "user", "id"])
    op.drop_table("warnings")
    columns = (sa.Column(name, sa.String(length), primary_key=True) for name, length in LENGTHS.items())
    op.create_table("warnings", *columns)
