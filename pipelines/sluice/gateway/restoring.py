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
        self._begun: list[tuple[int, str, str]] = []  # the calls of tools: index, name and id
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
        call = self._call(one.get("index", 0), function.get("name") or "", one.get("id") or "")
        if "arguments" not in function:
            return one
        name = self._begun[call][1]
        # Nobody knows what a tool without a name would do with a value.
        arguments = self._restorer.arguments(call, function["arguments"], name) if name else function["arguments"]
        return {**one, "function": {**function, "arguments": arguments}}

    def _call(self, index: int, name: str, id: str) -> int:
        """Which call a piece belongs to: a new name or id on an index is another call, with a place of its own."""
        known = self._current.get(index)
        if known is not None:
            _, old_name, old_id = self._begun[known]
            if name in ("", old_name) and (not id or not old_id or id == old_id):
                return known
        self._begun.append((index, name, id))
        self._current[index] = len(self._begun) - 1
        return self._current[index]

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
