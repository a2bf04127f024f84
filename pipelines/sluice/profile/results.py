"""Keep the results of profiles in the data folder, one line each as it comes, so that a broken run goes on."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "profile.jsonl"


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a model passed a question. Holds no text."""

    model: str  # as LiteLLM names it, so that a model that is exchanged behind its name is another one
    item: str
    passed: bool
    seconds: float = 0.0


class Results:
    """The file. The last line about a model and a question counts."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE

    def of(self, model: str) -> dict[str, Result]:
        """Return what is known of a model, by question."""
        return {result.item: result for result in self._read() if result.model == model}

    def add(self, result: Result) -> None:
        """Append one line at once."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")

    def forget(self, model: str) -> None:
        """Drop what is known of a model."""
        kept = [result for result in self._read() if result.model != model]
        if self._path.exists():
            self._path.write_text("".join(json.dumps(asdict(one)) + "\n" for one in kept), encoding="utf-8")

    def _read(self) -> Iterable[Result]:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [result for line in lines if (result := _result(line))]


def _result(line: str) -> Result | None:
    """One line; a run that was broken off may have left half of one."""
    try:
        return Result(**json.loads(line))
    except (ValueError, TypeError):
        return None
