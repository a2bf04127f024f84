"""A gateway under load, to be killed or starved: eight threads that open and close bookings as fast as they can.

Called as `python -m tests.ledger.busy WHERE [--largest-file BYTES] [--calls COUNT]`. Without a count it goes on until
it is killed, and prints each call as it is reserved and as it is handed over to be settled.
"""

from __future__ import annotations

import argparse
import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sluice.ledger import Book

from tests.ledger.conftest import closing, opening


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("where")
    parser.add_argument("--largest-file", type=int)
    parser.add_argument("--calls", type=int)
    asked = parser.parse_args()
    book = Book(asked.where if "://" in asked.where else Path(asked.where), busy_seconds=0.5)
    if asked.largest_file:
        # A disk that is full, as the kernel tells it to whoever writes; Python ignores the signal.
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.largest_file, asked.largest_file))
    if asked.calls:
        _some(book, asked.calls)
    else:
        _endless(book)


def _some(book: Book, calls: int) -> None:
    for _ in range(calls):
        book.settle(book.reserve(opening()).result(), closing())
    print("made", calls)
    book.close()
    health = book.health
    print("unreserved", health.unreserved)
    print("lost", health.lost)
    print("waiting", health.waiting)


def _endless(book: Book) -> None:
    printing = threading.Lock()

    def tell(word: str, number: int) -> None:
        with printing:
            print(word, number, time.time(), flush=True)

    def call() -> None:
        while True:
            reservation = book.reserve(opening()).result()
            tell("reserved", reservation.id)
            book.settle(reservation, closing())
            tell("settled", reservation.id)

    with ThreadPoolExecutor(8) as threads:
        for _ in range(8):
            threads.submit(call)


if __name__ == "__main__":
    main()
