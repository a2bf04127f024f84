"""Keep the maps of conversations: encrypted, for one person and chat each, and only for a time."""

import json
import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from sluice.masking.map import Entry, Map
from sluice.masking.memo import Memo

log = logging.getLogger("sluice.masking")
Conversation = tuple[str, str]  # a proven user and a chat

SCHEMA = """
CREATE TABLE IF NOT EXISTS maps (
    user TEXT NOT NULL, chat TEXT NOT NULL, map BLOB NOT NULL, used TEXT NOT NULL, PRIMARY KEY (user, chat)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS maps_used ON maps (used);
"""
_LOCKS = 64
_OPEN = 16  # maps that stay in memory, so that the next call of a chat is cheap


class Vault:
    """Maps in `vault.sqlite3`, by the key in `vault.key`, both in the data folder; safe to use from several threads."""

    def __init__(self, folder: Path, *, days: int = 90) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._fernet = Fernet(_key(folder / "vault.key"))
        self._days = days
        self._lock = threading.Lock()
        self._chats = [threading.Lock() for _ in range(_LOCKS)]
        self._open: OrderedDict[Conversation, tuple[Map, Memo]] = OrderedDict()
        self._connection = sqlite3.connect(
            folder / "vault.sqlite3", check_same_thread=False, timeout=5, isolation_level=None
        )
        self._version = 0
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA secure_delete=ON")
        self._connection.executescript(SCHEMA)
        self.expire(datetime.now(UTC))

    @contextmanager
    def using(self, conversation: Conversation | None, *, invents: bool = False) -> Iterator[tuple[Map, Memo]]:
        """Give the map of a conversation, and keep what was added to it; without one, a map for this call alone.

        Beside it comes the memo of how its texts were masked, which is in memory only. With `invents`, what is new
        gets invented values. Nothing is kept of a call that fails.
        """
        if conversation is None:
            yield Map(invents=invents), Memo()
            return
        with self._chats[hash(conversation) % _LOCKS]:  # two calls of one chat must not give out one number twice
            map, memo = self._opened(conversation, invents=invents)
            known = len(map)
            yield map, memo
            self._save(conversation, map if len(map) > known else None)
            self._keep_open(conversation, map, memo)

    def entries(self, user: str, chat: str) -> Sequence[Entry]:
        """Return what stands for what in a person's own chat."""
        with self._using() as connection:
            row = connection.execute("SELECT map FROM maps WHERE user = ? AND chat = ?", (user, chat)).fetchone()
        return self._unsealed(row[0], (user, chat)) if row else ()

    def expire(self, now: datetime) -> None:
        """Forget the maps that were not used for so many days."""
        self._close_all()
        with self._using() as connection:
            connection.execute("DELETE FROM maps WHERE used < ?", (_stamp(now - timedelta(days=self._days)),))

    def forget(self, user: str, chat: str | None = None) -> None:
        """Erase what was masked for a person, in one chat or in all."""
        self._close_all()
        with self._using() as connection:
            connection.execute("DELETE FROM maps WHERE user = ? AND (? IS NULL OR chat = ?)", (user, chat, chat))

    def close(self) -> None:
        with self._using() as connection:
            connection.close()

    def _close_all(self) -> None:
        with self._lock:
            self._open.clear()

    def _opened(self, conversation: Conversation, *, invents: bool) -> tuple[Map, Memo]:
        """A map as it was left, taken from those in memory while it is in use."""
        self._see_others()
        with self._lock:
            open = self._open.pop(conversation, None)
        if open and open[0].invents == invents:
            return open
        return Map(self.entries(*conversation), invents=invents), Memo()

    def _see_others(self) -> None:
        """Close what is open where another process changed the file: what it erased must not come back."""
        with self._lock:
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                self._version = version
                self._open.clear()

    def _keep_open(self, conversation: Conversation, map: Map, memo: Memo) -> None:
        with self._lock:
            self._open[conversation] = (map, memo)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)

    def _save(self, conversation: Conversation, map: Map | None) -> None:
        """Write a map where there is a new one, and that it was used."""
        now = _stamp(datetime.now(UTC))
        with self._using() as connection:
            if map is None:
                connection.execute("UPDATE maps SET used = ? WHERE user = ? AND chat = ?", (now, *conversation))
                return
            plain = json.dumps({"of": conversation, "entries": [asdict(entry) for entry in map.entries()]})
            row = (*conversation, self._fernet.encrypt(plain.encode()), now)
            connection.execute("INSERT OR REPLACE INTO maps VALUES (?, ?, ?, ?)", row)

    def _unsealed(self, sealed: bytes, conversation: Conversation) -> Sequence[Entry]:
        try:
            kept = json.loads(self._fernet.decrypt(sealed))
            if tuple(kept["of"]) == conversation:  # else a row was moved from one conversation to another
                return tuple(Entry(**entry) for entry in kept["entries"])
        except (InvalidToken, ValueError, TypeError, KeyError):
            pass
        # Another key: what it stood for is lost, and later calls of the chat get a new map.
        log.error("What was masked in a chat cannot be read with this key, so it is forgotten")
        return ()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection


def _key(path: Path) -> bytes:
    """The key in a file that only its owner may read; made where there is none."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        key = Fernet.generate_key()
        file.write(key)
    return key


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
