"""A real PostgreSQL that lives as long as the tests, on a free port of loopback, without anything of it installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version there is; None where there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return versions[-1].parent if versions else None


class Postgres:
    """The server, from entering to leaving."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Not among pytest's folders, which are only root's.
        self._temporary = tempfile.TemporaryDirectory(prefix="sluice-postgres-")
        self._data = Path(self._temporary.name) / "data"
        self._count = 0
        # It refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None

    def __enter__(self) -> Postgres:
        if self._user:
            self._give_to(self._user)
        self._run("initdb", "-D", str(self._data), "-U", "sluice", "-A", "trust", "--no-sync", "-E", "UTF8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._data.parent / "log"), "-o", options, "start")
        return self

    def __exit__(self, *raised: object) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")
        self._temporary.cleanup()

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._count += 1
        name = f"ledger_{self._count}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self._port), "-U", "sluice", name)
        return f"postgresql://sluice@127.0.0.1:{self._port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        # Output goes nowhere, since the server that pg_ctl starts would keep a pipe open.
        subprocess.run(
            [str(self._folder / program), *arguments],
            check=True,
            user=self._user,
            cwd=self._data.parent,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _give_to(self, user: str) -> None:
        account = pwd.getpwnam(user)
        os.chown(self._data.parent, account.pw_uid, account.pw_gid)
