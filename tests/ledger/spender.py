"""One of several gateways: reserves what a team's budget lets it, settles it, and prints how many calls it made.

Called as `python -m tests.ledger.spender WHERE LIMIT EACH CALLS`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sluice.config.accounting import Budget
from sluice.ledger import Book, Limits

from tests.ledger.conftest import closing, opening


def main(where: str, limit: str, each: str, calls: str) -> None:
    book = Book(where if "://" in where else Path(where), busy_seconds=30)
    limits = Limits([Budget.model_validate({"scope": "team", "period": "month", "limit_usd": limit})])
    futures = [book.reserve(opening(each), limits) for _ in range(int(calls))]
    granted = [future.result() for future in futures if future.exception() is None]
    for reservation in granted:
        book.settle(reservation, closing(each))
    book.close()
    print(len(granted))


if __name__ == "__main__":
    main(*sys.argv[1:])
