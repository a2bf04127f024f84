"""Start, find again and stop the parts, each the leader of a process group of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

LOG_LIMIT_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down of a started part.

    `began` tells a process from a later one that was given the same number; `settings` changes with its command and
    environment.
    """

    pid: int
    began: str
    settings: str


def start(name: str, command: Sequence[str], environ: Mapping[str, str], run: Path, settings: str) -> Record:
    """Start a part in a session of its own, with its output in `<name>.log`."""
    run.mkdir(parents=True, exist_ok=True)
    run.chmod(0o700)
    with log_file(run, name).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            list(command),
            env=dict(environ),
            cwd=run,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # It is meant to outlive this object, which would otherwise complain that nobody waited for it.
    process.returncode = 0
    record = Record(process.pid, began(process.pid) or "", settings)
    draft = _record_file(run, name).with_suffix(".new")
    draft.write_text(json.dumps(asdict(record)))
    draft.replace(_record_file(run, name))
    return record


def log_file(run: Path, name: str) -> Path:
    """The part's log; one that has grown large is set aside first."""
    path = run / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(run / f"{name}.log.1")
    return path


def running(run: Path, name: str) -> Record | None:
    """The record of a part whose process is alive and still the one that was started."""
    record = _read(_record_file(run, name))
    return record if record and began(record.pid) == record.began else None


def started(run: Path) -> list[str]:
    """Names of the parts that have a record, alive or not."""
    return sorted(path.stem for path in run.glob("*.process"))


def stop(run: Path, name: str, grace_seconds: float) -> bool:
    """End a part and its children: ask, wait, insist. Returns whether there was anything to end."""
    record = _read(_record_file(run, name))
    group = record.pid if record and _is_ours(record) else None
    if group is not None:
        _end(group, grace_seconds)
    _record_file(run, name).unlink(missing_ok=True)
    return group is not None


def began(pid: int) -> str | None:
    """When a process started, as its system counts it; None when there is none, or only its remains."""
    if not sys.platform.startswith("linux"):
        return _began_by_ps(pid)
    try:
        # The name in brackets may hold spaces and brackets itself; fields count from after it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _began_by_ps(pid: int) -> str | None:
    found = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, when = found.stdout.strip().partition(" ")
    return when.strip() if state and not state.startswith("Z") else None


def _is_ours(record: Record) -> bool:
    """Whether the group is the one we made: its leader, or, the leader gone, what it left behind.

    A number is not given to a new process while a group of that number exists.
    """
    now = began(record.pid)
    if now is not None:
        return now == record.began
    return _group_exists(record.pid)


def _end(group: int, grace_seconds: float) -> None:
    for sign, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(group, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            _reap(group)
            if not _group_exists(group):
                return
            time.sleep(0.05)


def _reap(pid: int) -> None:
    """Take leave of a child of ours, which otherwise stays in its group."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _group_exists(group: int) -> bool:
    """Whether any process of the group still runs; one that has ended and was not taken leave of does not count."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not sys.platform.startswith("linux"):
        return True
    return any(_runs_in(group, stat) for stat in Path("/proc").glob("[0-9]*/stat"))


def _runs_in(group: int, stat: Path) -> bool:
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] not in "ZX" and int(fields[2]) == group


def _record_file(run: Path, name: str) -> Path:
    return run / f"{name}.process"


def _read(path: Path) -> Record | None:
    try:
        return Record(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
