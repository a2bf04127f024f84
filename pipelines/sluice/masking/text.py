"""Mask one text: what was found in it, and every further mention of what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sluice.guard.values import Finding
from sluice.masking.map import Map
from sluice.masking.placeholders import TEXT


@dataclass(frozen=True, slots=True)
class Span:
    """What is to be replaced; the type of the most telling finding stands for all that overlap."""

    start: int
    end: int
    type: str
    klass: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text, and what stands for it."""

    start: int
    end: int
    placeholder: str


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text as it may leave, the placeholders in it, and where in the text as it was they belong."""

    text: str
    used: frozenset[str] = frozenset()
    marks: tuple[Mark, ...] = ()


def spans_of(findings: Iterable[Finding]) -> list[Span]:
    """Return the stretches that findings say are to be replaced, in order and without overlaps."""
    return merged(Span(finding.start, finding.end, finding.type, finding.klass) for finding in findings)


def register(text: str, spans: Iterable[Span], map: Map) -> None:
    """Give everything found in a text its placeholder, in order of place."""
    for span in spans:
        map.placeholder(span.type, span.klass, text[span.start : span.end])


def mask_text(text: str, findings: Sequence[Finding], map: Map) -> str:
    """Return the text with placeholders for all findings and for every known value that stands in it.

    What only looks like a placeholder gets one of its own, so that it comes back as it was typed.
    """
    spans = spans_of(findings)
    register(text, spans, map)
    return masked(text, spans, map).text


def masked(text: str, spans: Iterable[Span], map: Map) -> MaskedText:
    """Return the text with placeholders for these stretches, which are registered, and all that is known."""
    every = [*spans, *(Span(*place, TEXT, "") for place in map.lookalikes(text))]
    every += [Span(start, end, known.type, known.klass) for start, end, known in map.mentions(text)]
    if not every:
        return MaskedText(text)
    pieces, marks, end = [], [], 0
    for span in merged(every):
        placeholder = _stands_for(text[span.start : span.end], span, map)
        pieces += [text[end : span.start], placeholder]
        marks.append(Mark(span.start, span.end, placeholder))
        end = span.end
    used = frozenset(mark.placeholder for mark in marks)
    return MaskedText("".join([*pieces, text[end:]]), used, tuple(marks))


def _stands_for(value: str, span: Span, map: Map) -> str:
    return map.literal(value) if span.type == TEXT else map.placeholder(span.type, span.klass, value)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the stretches in order; those that overlap become one, so that nothing anybody found is left."""
    done: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= span.end:
            continue
        if done and span.start < done[-1].end:
            last = done[-1]
            told = max((last, span), key=lambda one: (one.klass == "secret", one.type != TEXT, one.end - one.start))
            done[-1] = Span(last.start, max(last.end, span.end), told.type, told.klass)
        else:
            done.append(span)
    return done
