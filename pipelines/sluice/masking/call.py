"""Mask a whole call: everything in it that a model would read."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sluice.chat import Call
from sluice.guard.values import Finding
from sluice.masking.json_text import is_json, mask_json, register_json
from sluice.masking.map import Map
from sluice.masking.memo import Memo
from sluice.masking.text import Mark, Span, masked, register, spans_of

FindingsOf = Callable[[str], Sequence[Finding]]
# Values that are part of how a message is written, and have the form of it; a text in them would reach nobody.
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z0-9_]{0,24}\Z")
_FIXED: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("role", "type", "detail", "format"), _WORD),
    **dict.fromkeys(("id", "tool_call_id"), re.compile(r"[A-Za-z0-9_.:|=+/-]*\Z")),
    **dict.fromkeys(("url", "file_data"), re.compile("data:")),
    "data": re.compile(r"[A-Za-z0-9+/=\s]*\Z"),
}
_FIXED_PARAMETERS: Mapping[str, re.Pattern[str]] = {"type": _WORD}


@dataclass(frozen=True, slots=True)
class Masked:
    """A call as it may leave; `values` counts the different things that placeholders stand for in it.

    `marks` says for each text beside the call what is to be replaced in it.
    """

    call: Call
    values: int
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)


def texts_of(call: Call) -> list[str]:
    """Return every text of a call's messages and parameters but its tool schemas, each once."""
    parameters = {name: value for name, value in call.parameters.items() if name != "tools"}
    texts = [*_strings(list(call.messages), _FIXED), *_strings(parameters, _FIXED_PARAMETERS, keys=True)]
    return list(dict.fromkeys(texts))


def schemas_of(call: Call) -> list[str]:
    """Return every text of a call's tool schemas, each once."""
    return list(dict.fromkeys(_strings(call.tools, _FIXED_PARAMETERS, keys=True)))


def mask_call(
    call: Call, findings_of: FindingsOf, map: Map, memo: Memo | None = None, beside: Sequence[str] = ()
) -> Masked:
    """Return the call with placeholders for what is found in it; texts beside it are those that stand in its pictures.

    All texts are registered before the first is masked, so that a name that is recognised in one message is masked in
    all of them, and a message reads the same in every later call. A `memo` makes those cheap.
    """
    texts = (*texts_of(call), *schemas_of(call))
    spans = {text: spans_of(findings_of(text)) for text in (*texts, *beside)}
    masker = _Masker(spans, map, memo or Memo())
    map.hear((*texts, *beside))
    for text in texts:
        masker.register(text)
    for text in beside:
        register(text, spans[text], map)
    messages = tuple(masker.value(message, _FIXED) for message in call.messages)
    parameters = masker.value(call.parameters, _FIXED_PARAMETERS, keys=True)
    marks = {text: masked(text, spans[text], map).marks for text in beside}
    used = masker.used.union(*({mark.placeholder for mark in ones} for ones in marks.values()))
    typed = [placeholder for placeholder in used if placeholder.startswith("[")]
    if typed:
        messages = _noted(messages, note_for(typed))
    return Masked(replace(call, messages=messages, parameters=parameters), len(used), marks)


class _Masker:
    """Masks texts and keeps which placeholders it used."""

    def __init__(self, spans: Mapping[str, Sequence[Span]], map: Map, memo: Memo) -> None:
        self.used: set[str] = set()
        self._spans = spans
        self._map = map
        self._memo = memo

    def register(self, text: str) -> None:
        spans = self._spans[text]
        if spans and self._memo.get(text, spans, len(self._map)) is None:
            (register_json if is_json(text) else register)(text, spans, self._map)

    def value(self, value: Any, fixed: Mapping[str, re.Pattern[str]], *, keys: bool = False) -> Any:
        """Mask every text within a value, except where it is fixed."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(name) if keys else name: self._field(name, one, fixed, keys=keys)
                for name, one in value.items()
            }
        return [self.value(one, fixed, keys=keys) for one in value] if isinstance(value, list | tuple) else value

    def _field(self, name: str, value: Any, fixed: Mapping[str, re.Pattern[str]], *, keys: bool) -> Any:
        if _is_fixed(name, value, fixed):
            return value
        if name == "arguments" and isinstance(value, Mapping) and not keys:
            return json.loads(self.text(_json(value)))
        return self.value(value, fixed, keys=keys)

    def text(self, text: str) -> str:
        spans = self._spans.get(text, ())
        known = self._memo.get(text, spans, len(self._map))
        if known is None:
            known = (mask_json if is_json(text) else masked)(text, spans, self._map)
            self._memo.keep(text, spans, len(self._map), known)
        self.used |= known.used
        return known.text


def _is_fixed(name: str, value: Any, fixed: Mapping[str, re.Pattern[str]]) -> bool:
    return isinstance(value, str) and name in fixed and fixed[name].match(value) is not None


def _strings(value: Any, fixed: Mapping[str, re.Pattern[str]], name: str = "", *, keys: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        if value and not _is_fixed(name, value, fixed):
            yield value
    elif isinstance(value, Mapping) and name == "arguments" and not keys:
        yield _json(value)
    elif isinstance(value, Mapping):
        for each, one in value.items():
            if keys:
                yield each
            yield from _strings(one, fixed, each, keys=keys)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one, fixed, keys=keys)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def note_for(placeholders: Iterable[str]) -> str:
    """Return the line that tells a model how to treat these placeholders.

    It names none that is not there: small models would write to whoever else is in it.
    """
    known = sorted(placeholders, key=_in_order)
    variant = next((one for one in known if one[-2].isalpha()), "")
    again = f" {variant} is another way of writing {_first(variant)}." if variant else ""
    return (
        f"Some details are replaced by placeholders such as {' or '.join(known[:2])}. Treat each as the real thing,"
        f" refer to it by exactly the same placeholder, and do not explain, translate or change it.{again}"
    )


def _in_order(placeholder: str) -> tuple[int, str]:
    return int(_NUMBER.findall(placeholder)[-1]), placeholder


def _first(variant: str) -> str:
    return f"{variant[:-2]}]"


def _noted(messages: Sequence[Mapping[str, Any]], note: str) -> tuple[Mapping[str, Any], ...]:
    first = messages[0]
    if first["role"] in ("system", "developer") and isinstance(first.get("content"), str):
        return ({**first, "content": f"{first['content']}\n\n{note}"}, *messages[1:])
    return ({"role": "system", "content": note}, *messages)
