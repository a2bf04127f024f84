"""Say in which language a line is, as far as that decides what a capital tells."""

from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.tokens import Words

_LANGUAGES = ("en", "de", "other")  # a language of Europe, it does not matter which
_STRETCH = 200  # words of a long line that are judged together
_FIRST_STRETCH = 400  # words that tell the language of a first line of no words of grammar


def languages_of(words: Words) -> list[str]:
    """Return for each word the language of its line: "en", "de", or "other".

    A line of few words goes with the one before it.
    """
    language = _language(words.kinds[:_FIRST_STRETCH], "en")
    verdicts: list[str] = []
    for begun, ended in words.lines:
        for start in range(begun, ended, _STRETCH):
            end = min(start + _STRETCH, ended)
            language = _language(words.kinds[start:end], language)
            verdicts.extend([language] * (end - start))
    return verdicts


def _language(kinds: list[Kind], before: str) -> str:
    """Return the language that most words speak for, the one before where two are equal."""
    english = german = other = 0
    for kind in kinds:
        for_english, for_german, for_other = kind.votes
        english += for_english
        german += for_german
        other += for_other
    totals = english, german, other
    best = max(totals)
    if totals[_LANGUAGES.index(before)] == best:
        return before
    return _LANGUAGES[totals.index(best)]
