"""Put what was masked back into the pieces of an answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sluice.masking import Restorer
from sluice.upstream import Delta


class Restoring:
    """Restores one answer, piece by piece. What may begin a placeholder is held back until it is clear."""

    def __init__(self, restorer: Restorer) -> None:
        self._restorer = restorer
        self._begun: list[tuple[int, str]] = []  # the calls of tools: index and name
        self._current: dict[int, int] = {}  # for each index, which of them it is

    def of(self, delta: Delta) -> Delta:
        """Return the piece as the person may read it; the last one brings all that was held back."""
        restored = replace(
            delta,
            content=self._restorer.content(delta.content),
            reasoning=self._restorer.reasoning(delta.reasoning),
            tool_calls=[self._tool_call(one) for one in delta.tool_calls],
            logprobs=None,  # of the placeholders' tokens, which nobody sees
        )
        return self._ended(restored) if delta.finish_reason else restored

    def _tool_call(self, one: Mapping[str, Any]) -> Mapping[str, Any]:
        function = one.get("function") or {}
        call = self._call(one.get("index", 0), function.get("name") or "", begins=bool(one.get("id")))
        if "arguments" not in function:
            return one
        arguments = self._restorer.arguments(call, function["arguments"], self._begun[call][1])
        return {**one, "function": {**function, "arguments": arguments}}

    def _call(self, index: int, name: str, *, begins: bool) -> int:
        """Which call a piece belongs to: a new name or id on an index is another call, with a place of its own."""
        known = self._current.get(index)
        if known is None or (name and (begins or name != self._begun[known][1])):
            self._begun.append((index, name))
            self._current[index] = known = len(self._begun) - 1
        return known

    def _ended(self, delta: Delta) -> Delta:
        rest = self._restorer.end()
        calls = [
            *delta.tool_calls,
            *(
                {"index": self._begun[call][0], "function": {"arguments": text}}
                for call, text in rest.arguments.items()
                if text
            ),
        ]
        return replace(
            delta, content=delta.content + rest.content, reasoning=delta.reasoning + rest.reasoning, tool_calls=calls
        )
