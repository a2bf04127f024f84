"""What the guard remembers between calls: labels of chats, consents, wrong alarms. Hashes and ids, never a text."""

import logging
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from sluice.guard.classes import WHOLE
from sluice.guard.policy import PRIVATE
from sluice.guard.values import Finding

log = logging.getLogger("sluice.guard")
Conversation = tuple[str, str]  # a proven user and a chat: never the chat's id alone, which can be forged
State = Literal["open", "allowed", "dismissed"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS labels (
    user TEXT NOT NULL, chat TEXT NOT NULL, turn TEXT NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY (user, chat, turn, label)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consents (
    user TEXT NOT NULL, chat TEXT NOT NULL, lane TEXT NOT NULL, ask TEXT NOT NULL,
    given INTEGER NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (user, chat, lane, ask)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarms (
    mark TEXT PRIMARY KEY, type TEXT NOT NULL, class TEXT NOT NULL, reports INTEGER NOT NULL,
    first TEXT NOT NULL, last TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS salt (value BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A finding that people called wrong: its type and class, and a salted hash in place of its text."""

    mark: str
    type: str
    klass: str
    reports: int
    first: str
    last: str
    state: State


class Memory:
    """Safe to use from several threads. What cannot be read is taken for private; see each method."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=5, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(SCHEMA)
        self.salt = self._salt()
        self._allowed = self._marks_allowed()
        self._version = 0

    def close(self) -> None:
        with self._using() as connection:
            connection.close()

    def keep(self, conversation: Conversation, turn: Iterable[str], labels: Collection[str]) -> None:
        """Remember why a chat stayed up to a turn, named by each of its salted hashes."""
        rows = [(*conversation, key, label) for key in turn for label in labels]
        try:
            with self._using() as connection:
                connection.execute("BEGIN IMMEDIATE")
                with connection:  # one write to the disk for all of them
                    connection.executemany("INSERT OR IGNORE INTO labels VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:  # the call itself stays local all the same, so the chat goes on
            log.error("The labels of a chat were not remembered (%s)", error)

    def labels(self, conversation: Conversation, turns: Sequence[str]) -> frozenset[str]:
        """Return the labels of a branch, given by its turns; what cannot be read counts as private."""
        try:
            self._see_others()
            with self._using() as connection:
                rows = connection.execute("SELECT turn, label FROM labels WHERE user = ? AND chat = ?", conversation)
                wanted = set(turns)
                return frozenset(label for turn, label in rows if turn in wanted)
        except sqlite3.Error as error:
            log.error("The labels of a chat cannot be read, so its calls stay local (%s)", error)
            return frozenset({PRIVATE})

    def consent(
        self, conversation: Conversation, lane: str, asks: Iterable[str], now: datetime, *, given: bool = True
    ) -> None:
        """Remember what the person let go or kept, in this chat and for this lane only."""
        rows = [(*conversation, lane, ask, given, _stamp(now)) for ask in asks]
        with self._using() as connection:
            connection.executemany("INSERT OR REPLACE INTO consents VALUES (?, ?, ?, ?, ?, ?)", rows)

    def consents(self, conversation: Conversation, lane: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the ids of what the person let go, and of what they kept; none where that cannot be read."""
        try:
            with self._using() as connection:
                rows = connection.execute(
                    "SELECT ask, given FROM consents WHERE user = ? AND chat = ? AND lane = ?", (*conversation, lane)
                ).fetchall()
        except sqlite3.Error as error:
            log.error("Consents cannot be read, so attachments stay local (%s)", error)
            return frozenset(), frozenset()
        return frozenset(ask for ask, given in rows if given), frozenset(ask for ask, given in rows if not given)

    def report(self, texts: Mapping[str, Sequence[Finding]], now: datetime) -> int:
        """Put the findings of these texts into the admin's queue, and return how many were reported."""
        found = {self.mark(text, finding): finding for text, findings in texts.items() for finding in findings}
        rows = [(mark, f.type, f.klass, _stamp(now), _stamp(now)) for mark, f in found.items() if f.klass != "secret"]
        with self._using() as connection:
            connection.executemany(
                "INSERT INTO alarms VALUES (?, ?, ?, 1, ?, ?, 'open')"
                " ON CONFLICT (mark) DO UPDATE SET reports = reports + 1, last = excluded.last",
                rows,
            )
        return len(rows)

    def alarms(self, state: State = "open") -> list[Alarm]:
        """Return what was reported, the most reported first."""
        with self._using() as connection:
            rows = connection.execute("SELECT * FROM alarms WHERE state = ? ORDER BY reports DESC, last DESC", (state,))
            return [Alarm(*row) for row in rows]

    def has_alarm(self, mark: str) -> bool:
        """Whether anybody reported an alarm of this mark."""
        with self._using() as connection:
            return connection.execute("SELECT 1 FROM alarms WHERE mark = ?", (mark,)).fetchone() is not None

    def answer(self, mark: str, state: State) -> bool:
        """Allow or dismiss an alarm; False where there is none of this mark."""
        with self._using() as connection:
            changed = connection.execute("UPDATE alarms SET state = ? WHERE mark = ?", (state, mark)).rowcount
        self._allowed = self._marks_allowed()
        return bool(changed)

    def is_wrong(self, text: str, finding: Finding) -> bool:
        """Whether an admin called this very finding a wrong alarm. A secret never is."""
        return bool(self._allowed) and finding.klass != "secret" and self.mark(text, finding) in self._allowed

    def mark(self, text: str, finding: Finding) -> str:
        """Return a salted hash of what was found, the same however it is written; of a document, the whole text's."""
        told = text if finding.type in WHOLE else text[finding.start : finding.end]
        value = "".join(told.casefold().split())
        said = f"{finding.type}\0{value}".encode("utf-8", "surrogatepass")
        return blake2b(said, digest_size=16, key=self.salt).hexdigest()

    def forget(self, user: str) -> None:
        """Erase everything that is remembered of a person's chats."""
        with self._using() as connection:
            for table in ("labels", "consents"):
                connection.execute(f"DELETE FROM {table} WHERE user = ?", (user,))  # noqa: S608 - our own names

    def _see_others(self) -> None:
        """Take over what another process, such as the command line, wrote about alarms."""
        with self._using() as connection:
            version = connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version, self._allowed = version, self._marks_allowed()

    def _marks_allowed(self) -> frozenset[str]:
        return frozenset(alarm.mark for alarm in self.alarms("allowed"))

    def _salt(self) -> bytes:
        with self._using() as connection:
            connection.execute("INSERT INTO salt SELECT randomblob(32) WHERE NOT EXISTS (SELECT 1 FROM salt)")
            return bytes(connection.execute("SELECT value FROM salt").fetchone()[0])

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
