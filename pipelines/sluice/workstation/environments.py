"""Build the Python environments from their locks, once for each state of a lock, in the shared cache."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sluice.errors import StartError
from sluice.workstation.progress import Step

COMPLETE = ".complete"
GIB = 1024**3
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar", "off")
COMPILERS = (("c++", "g++", "clang++"), ("cc", "gcc", "clang"))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an environment is built: what is installed before its lock, and what it needs of the machine."""

    title: str
    lock: str
    disk_gib: float
    before: tuple[str, ...] = ()
    lock_options: tuple[str, ...] = ("--require-hashes",)
    compiles: bool = False


RECIPES: Mapping[str, Recipe] = {
    "gateway": Recipe("Gateway", "gateway.txt", 1.5),
    "dev": Recipe("Tools for tests", "dev.txt", 1.5),
    # torch first and by itself, so that an index which offers a build for CPUs may give that one; the lock has no
    # hash for it, nor for the GPU libraries that other builds want.
    "open-webui": Recipe("Open WebUI", "open-webui.txt", 5, ("torch==2.13.0",), ("--require-hashes", "--no-deps")),
    "llama": Recipe("Local model (compiled once, some minutes)", "llama.txt", 1, compiles=True),
}


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment that is, or will be, at `folder`."""

    name: str
    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def is_complete(self) -> bool:
        return (self.folder / COMPLETE).exists() and self.python.exists()

    def site_packages(self) -> Path:
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def environment(name: str, root: Path, cache: Path) -> Environment:
    """Where the environment is for the lock as it stands. A changed lock is another environment."""
    lock = root / "locks" / RECIPES[name].lock
    recipe = RECIPES[name]
    key = hashlib.sha256(
        b"\n".join([lock.read_bytes(), repr((recipe.before, recipe.lock_options, sys.version_info[:2])).encode()])
    )
    return Environment(name, cache / f"{name}-{key.hexdigest()[:12]}", lock)


def ensure(name: str, root: Path, cache: Path, out: TextIO | None = None) -> Environment:
    """Return the environment, built if it is not there. Raises StartError with what to do."""
    require_python()
    wanted = environment(name, root, cache)
    if wanted.is_complete:
        return wanted
    recipe = RECIPES[name]
    _make_cache(cache)
    with Step(recipe.title, out=out) as step, _alone(wanted, step):
        # Another start may have built it while this one waited.
        if not wanted.is_complete:
            _require_disk(cache, recipe)
            if recipe.compiles:
                _require_compiler()
            _build(wanted, recipe, step)
    return wanted


def require_python() -> None:
    """Raise unless this Python is one that the locks are made for."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        version = ".".join(map(str, sys.version_info[:2]))
        raise StartError(f"Sluice needs Python 3.11 or 3.12, and this is {version}. Install one of them beside it.")


def _make_cache(cache: Path) -> None:
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"{cache} cannot be made ({error.strerror}). Set SLUICE_CACHE to a folder of yours.") from None


@contextlib.contextmanager
def _alone(wanted: Environment, step: Step) -> Iterator[None]:
    with wanted.folder.with_name(f"{wanted.folder.name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step.at(waiting_for="another start, which is building it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _require_disk(cache: Path, recipe: Recipe) -> None:
    free = shutil.disk_usage(cache).free / GIB
    if free < recipe.disk_gib:
        raise StartError(
            f"{recipe.title} needs {recipe.disk_gib:g} GB of disk space under {cache}, and {free:.1f} GB are free. "
            "Make room, or set SLUICE_CACHE to a folder on another disk."
        )


def _require_compiler() -> None:
    if not all(any(shutil.which(name) for name in names) for names in COMPILERS):
        raise StartError(
            "The local model's server is compiled once, and no C++ compiler was found. Install one (Debian, Ubuntu: "
            "apt-get install build-essential; macOS: xcode-select --install), or install Ollama, which is used instead."
        )


def _build(wanted: Environment, recipe: Recipe, step: Step) -> None:
    log = wanted.folder.with_name(f"{wanted.folder.name}.log")
    packages = wanted.site_packages()
    step.at(0.01, "a fresh environment")
    with log.open("w") as file:
        _make_venv(wanted.folder, file, recipe, log)
        for requirement in recipe.before:
            _pip(wanted, [requirement], file, recipe, log, _Counter(step, packages, 0.02, 0.2, 30))
        total = sum(1 for line in wanted.lock.read_text().splitlines() if re.match(r"[A-Za-z0-9]", line))
        counter = _Counter(step, packages, 0.2 if recipe.before else 0.02, 0.98, total)
        _pip(wanted, [*recipe.lock_options, "-r", str(wanted.lock)], file, recipe, log, counter)
    (wanted.folder / COMPLETE).touch()


def _make_venv(folder: Path, file: TextIO, recipe: Recipe, log: Path) -> None:
    # What an interrupted build has left is not to be trusted.
    command = [sys.executable, "-m", "venv", "--clear", str(folder)]
    if subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, check=False).returncode:  # noqa: S603
        raise StartError(_why(recipe, log))


class _Counter:
    """Turn pip's lines into a share of the work and a word on what is going on."""

    FETCHING = re.compile(r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)|^Processing \S*/([\w.]+)-\d\S*")
    LARGE = re.compile(r"^  Downloading \S*?([A-Za-z0-9_.]+)-\d\S* \((.*)\)")
    COMPILING = re.compile(r"^  Building wheel for ([A-Za-z0-9._-]+)")

    def __init__(self, step: Step, site_packages: Path, begin: float, end: float, total: int) -> None:
        self._step, self._site_packages = step, site_packages
        self._begin, self._end, self._total = begin, end, max(total, 1)
        self._seen = 0

    def read(self, line: str) -> None:
        if found := self.FETCHING.match(line):
            self._seen += 1
            self._step.at(self._share(0, self._seen / self._total), f"fetching {found[1] or found[2]}")
        elif found := self.LARGE.match(line):
            self._step.at(waiting_for=f"fetching {found[1]} ({found[2]})")
        elif found := self.COMPILING.match(line):
            self._step.at(waiting_for=f"compiling {found[1]}")
        elif line.startswith("Installing collected packages"):
            names = line.count(",") + 1
            already = self._unpacked()
            # pip says nothing until all are unpacked.
            self._step.look(lambda: self._unpacking(self._unpacked() - already, names))
            self._unpacking(0, names)

    def _unpacking(self, done: int, names: int) -> None:
        self._step.at(self._share(0.5, done / names), f"unpacking, {done} of {names} packages")

    def _unpacked(self) -> int:
        return sum(1 for _ in self._site_packages.glob("*.dist-info"))

    def _share(self, from_half: float, done: float) -> float:
        """Fetching is about half of the work, unpacking the other."""
        return self._begin + (self._end - self._begin) * (from_half + 0.5 * min(1.0, done))


def _pip(
    wanted: Environment, arguments: Sequence[str], file: TextIO, recipe: Recipe, log: Path, counter: _Counter
) -> None:
    environ = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_REQUIRE_VIRTUALENV": "1"}
    # The caller's own package paths would count as installed here, and be missing later.
    environ.pop("PYTHONPATH", None)
    command = [str(wanted.python), *PIP, *arguments]
    with subprocess.Popen(  # noqa: S603
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        try:
            for line in pip.stdout or ():
                file.write(line)
                counter.read(line)
        except BaseException:
            pip.terminate()
            raise
    file.flush()
    if pip.returncode:
        raise StartError(_why(recipe, log))


REASONS: Sequence[tuple[str, str]] = (
    (r"No space left on device", "the disk is full. Make room, or set SLUICE_CACHE to a folder on another disk"),
    (r"DO NOT MATCH THE HASHES", "a downloaded package is not the one that was locked. Nothing of it was installed; "
     "look at your package index"),
    (r"ensurepip is not|No module named (ensurepip|venv|pip)", "this Python cannot make environments. Install its "
     "venv package (Debian, Ubuntu: apt-get install python3-venv)"),
    (r"NewConnectionError|NameResolutionError|name resolution|ReadTimeout|ConnectTimeout|ConnectionError|"
     r"ConnectionReset|ProxyError|Could not fetch URL|Max retries|Network is unreachable",
     "a download failed. Check the network, and start again: what is there already is kept"),
    (r"No matching distribution found", "a package was not found. Check which package index pip is set to use"),
    (r"Failed (to build|building)|subprocess-exited-with-error", "a package could not be compiled"),
)  # fmt: skip


def _why(recipe: Recipe, log: Path) -> str:
    text = log.read_text(errors="replace")
    known = next((reason for pattern, reason in REASONS if re.search(pattern, text)), "pip gave up")
    return f"{recipe.title} could not be installed: {known}. Details: {log}"
