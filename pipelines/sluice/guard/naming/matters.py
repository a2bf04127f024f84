"""Say whether what stands around a name ties it to a real matter."""

import re

from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import table

_REACH = 60  # characters after a name
_STRETCH = 60  # words of a long line that are judged together
_GRAVE, _OWN, _ASKING, _LEARNED = 1, 2, 4, 8
_MARKS = {"grave": _GRAVE, "own": _OWN, "asking": _ASKING, "learned": _LEARNED}


def _marked() -> dict[str, int]:
    marks: dict[str, int] = {}
    for name, mark in _MARKS.items():
        for words in table("matters")[name].values():
            for word in words.split():
                marks[word] = marks.get(word, 0) | mark
    return marks


_MARK_OF = _marked()

# A full name that somebody acts under, and belongings that are on record.
_ACTS = re.compile(
    r",?[ \t]+(?:has |had |hat |a |ha |have )?(?:also |just |again )?(?i:called|complained|owes|emailed|e-mailed|"
    r"resigned|was (?:diagnosed|admitted|discharged|hired|fired|"
    r"terminated|laid off|promoted)|is (?:pregnant|on (?:sick|parental|maternity) leave|our|my)|"
    r"(?:has|had) not paid|still owes|earns|"
    r"requested|reported|signed|lives (?:at|in|on)|works (?:at|for|in)|suffers from|reached out|reports to|wohnt|"
    r"arbeitet|hat sich|schuldet|leidet|verdient|hat die miete|"
    r"habite|travaille|souffre|n['’]a pas payé|vive en|trabaja|no ha pagado|abita|lavora|soffre|woont|werkt)\b"
)
_BELONGINGS = re.compile(
    r"['’]s?[ \t]+(?:\w+[ \t]+)?(?i:account|invoice|contract|home|address|phone|mobile|e-?mail|diagnosis|passport|"
    r"medical|lab|biopsy|performance|termination|cv|resume|résumé|salary|"
    r"ssn|social security|credit card|bank|password|insurance|file|records?|prescription|appointment|visa|payslip|"
    r"lease)\b"
)
_BORN = re.compile(
    r"[ \t]*,?[ \t]*\(?(?:geb\.|geboren|born|née?[ \t]|nato|nata|nacid[oa]|DOB|d\.o\.b|\*[ \t]?\d|date of birth|"
    r"Geburtsdatum|ur\.|род\.)"
)
_BORN_THEN = re.compile(_BORN.pattern + r"[^\n]{0,16}?\d")  # `born in the beginning` is no date
_AFTER_MAIL = re.compile(r"[ \t]*[<(]?[\w.+-]{1,40}@[\w-]")
_BELONGS_STRONGLY = re.compile(
    r"['’]s?[ \t]+(?:new )?(?:home address|address|phone number|phone|e-?mail|diagnosis|passport|ssn|medical record|"
    r"lab results|resume|cv)\b"
)


def is_tied(words: Words, name: Name) -> bool:
    """Say whether the words after a person's name make a real matter of it."""
    if name.type != "PERSON":
        return False
    after = words.text[words.ends[name.last] : words.ends[name.last] + _REACH]
    if _BORN_THEN.match(after) or _AFTER_MAIL.match(after) or _BELONGS_STRONGLY.match(after):
        return True
    return name.full and bool(_BORN.match(after) or _ACTS.match(after) or _BELONGINGS.match(after))


def matters_of(words: Words) -> list[int]:
    """Return for each word the marks of its line; `is_real` reads them."""
    verdicts: list[int] = []
    for begun, ended in words.lines:
        for start in range(begun, ended, _STRETCH):
            end = min(start + _STRETCH, ended)
            marks = 0
            for kind in words.kinds[start:end]:
                marks |= _MARK_OF.get(kind.lower, 0)
            verdicts.extend([marks] * (end - start))
    return verdicts


def is_real(words: Words, name: Name, marks: int) -> bool:
    """Say whether a line of such marks speaks of a real matter of this person.

    Some words do so by themselves (`diagnosed`, `severance`). Others (`salary`, `rent`) are in every riddle: they count
    beside a first name and a surname, unless it is a question of books and history, and where somebody speaks of their
    own or asks for something to be written.
    """
    if name.type != "PERSON" or not (name.full or words.kinds[name.first].letter in "FfbL"):
        return False
    if marks & _GRAVE:
        return True
    if not marks & _OWN:
        return False
    return bool(marks & _ASKING) or (not marks & _LEARNED and _is_first_and_last(words, name))


def _is_first_and_last(words: Words, name: Name) -> bool:
    first, last = words.kinds[name.first], words.kinds[name.last]
    return name.full and first.letter in "Ff" and last.letter in "LlUFX" and last.lower != "co"
