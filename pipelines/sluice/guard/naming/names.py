"""Find the people, places and organisations that a text names, and say which are tied to a real matter."""

from collections.abc import Iterator, Sequence

from sluice.guard.classes import CLASS_OF
from sluice.guard.naming.firms import firms
from sluice.guard.naming.introduced import introduced
from sluice.guard.naming.languages import languages_of
from sluice.guard.naming.letters import is_foreign_name
from sluice.guard.naming.lexicon import lexicon
from sluice.guard.naming.matters import is_real, is_tied, matters_of
from sluice.guard.naming.mentions import listed, repeated
from sluice.guard.naming.people import People
from sluice.guard.naming.personal import likely
from sluice.guard.naming.records import in_records
from sluice.guard.naming.runs import PERSON, Name, names_in, runs
from sluice.guard.naming.scripts import in_other_scripts
from sluice.guard.naming.small import small_words
from sluice.guard.naming.tokens import Words, words_of
from sluice.guard.values import Finding

_SCORE = 0.85
_TIED_SCORE = 0.9
_SEVERAL = 2  # people in a text that is about people


class Names:
    """The name finder of one organisation, loaded once for each worker process.

    `people` are its own: a full name, in any case or inflection, is always tied to a real matter.
    """

    def __init__(self, people: Sequence[str] = ()) -> None:
        lexicon()
        self._people = People(people)

    def find(self, text: str, *, personal: bool = False) -> Iterator[Finding]:
        """Yield the people, places and organisations; they may overlap.

        `personal` says that the text holds an identifier of somebody, so that it is about real people.
        """
        words = words_of(text)
        languages = languages_of(words)
        found = _combined(
            [*_seen(words, languages), *introduced(words), *firms(words), *in_records(words), *self._people.find(words)]
        )
        found = _combined([*found, *listed(words, found)])
        if personal or _is_about_people(found):
            found = _combined([*found, *likely(words, languages, found)])
        for name, tied in repeated(words, _with_matters(words, found)):
            yield _finding(words, name, weak=not tied)
        yield from in_other_scripts(words)


def _seen(words: Words, languages: Sequence[str]) -> Iterator[tuple[Name, bool]]:
    """Yield the names that the words themselves tell, by capitals and by the lexicon."""
    chosen = [kind.capital and kind.letter not in "WT" for kind in words.kinds]
    small_words(words, chosen)
    for index, kind in enumerate(words.kinds):
        if kind.capital and not kind.upper and languages[index] != "de" and is_foreign_name(kind):
            chosen[index] = languages[index] == "en" or not words.opens_sentence(index)
    for first, last in runs(words, chosen):
        for name in names_in(words, first, last, language=languages[first]):
            yield name, is_tied(words, name)


def _is_about_people(found: list[tuple[Name, bool]]) -> bool:
    """Say whether somebody is named whom something ties to a real matter, or so many are that it is about them."""
    people = [tied for name, tied in found if name.type == PERSON]
    return any(people) or len(people) >= _SEVERAL


def _with_matters(words: Words, found: list[tuple[Name, bool]]) -> list[tuple[Name, bool]]:
    """Tie the people in whose line a real matter is spoken of."""
    if not any(name.type == "PERSON" and not tied for name, tied in found):
        return found
    matters = matters_of(words)
    return [(name, tied or is_real(words, name, matters[name.first])) for name, tied in found]


def _combined(found: list[tuple[Name, bool]]) -> list[tuple[Name, bool]]:
    """Join names that overlap: a tie of a part is a tie of the whole."""
    combined: list[tuple[Name, bool]] = []
    for name, tied in sorted(found, key=lambda pair: (pair[0].first, -pair[0].last)):
        if combined and name.first <= combined[-1][0].last:
            before, was_tied = combined[-1]
            kind = before.type if was_tied or not tied else name.type
            last = max(before.last, name.last)
            combined[-1] = (Name(kind, before.first, last, full=last > before.first), was_tied or tied)
        else:
            combined.append((name, tied))
    return combined


def _finding(words: Words, name: Name, *, weak: bool) -> Finding:
    start, end = words.starts[name.first], words.ends[name.last]
    if words.kinds[name.last].letter in "IO" and words.text[end : end + 1] == ".":
        end += 1
    return Finding(name.type, CLASS_OF[name.type], start, end, _SCORE if weak else _TIED_SCORE, weak)
