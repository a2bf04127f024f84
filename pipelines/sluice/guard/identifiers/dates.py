"""How people write a day: in figures and in words, in nine languages."""

import re

MONTHS = "|".join(
    (
        r"jan(?:uary|uar|ner|vier|uari|eiro)?|enero|gennaio|genn?|ene|stycznia|sty",
        r"feb(?:ruary|ruar|ruari|brero|braio)?|f[ée]v(?:rier|ereiro)?|lutego|lut",
        r"mar(?:ch|zo|s|[çc]o|ca)?|m[äa]rz|mrz|maart|mrt",
        r"apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|kwietnia|kwi",
        r"may|mai[o]?|mei|maggio|mag|mayo|maja",
        r"june?|juni[o]?|juin|giugno|giu|jun(?:ho)?|czerwca|cze",
        r"july?|juli[o]?|juil(?:let)?|luglio|lug|jul(?:ho)?|lipca|lip",
        r"aug(?:ust|ustus)?|ao[ûu]t|agosto|ago|sierpnia|sie",
        r"sep(?:t(?:ember|embre|iembre)?|tiembre)?|set(?:t?embre|embro)?|września|wrz",
        r"o[ck]t(?:ober|obre|ubre)?|ottobre|ott|out(?:ubro)?|października|paź",
        r"nov(?:ember|embre|iembre|embro)?|listopada|lis",
        r"de[czk](?:ember|embre|iembre|embro)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?|dez(?:embro)?|grudnia|gru",
    )
)
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_GAP = r"[./ \-]"

# A full day; the year has two figures only where points, dashes or strokes stand between.
DATE = re.compile(
    rf"(?<!\w)(?<!\d\.)(?:\*\s?)?(?:"
    rf"{_DAY}\s?[./-]\s?(?:0?[1-9]|1[0-2]|[12]\d|3[01])\s?[./-]\s?(?:{_YEAR}|\d\d)"
    rf"|{_DAY} (?:0[1-9]|1[0-2]) {_YEAR}"
    rf"|{_YEAR}[./ -](?:0?[1-9]|1[0-2])[./ -]{_DAY}|{_YEAR}年\d{{1,2}}月\d{{1,2}}日"
    rf"|{_DAY}(?:st|nd|rd|th|er|º|°|\.)?(?:{_GAP}| of | de "
    rf"| d['’])?\s?(?:the )?(?:{MONTHS})(?![a-zà-ž])\.?(?: de | del |, |{_GAP}|['’])?"
    rf"\s?(?:{_YEAR}|['’]?\d\d)"
    rf"|(?:{MONTHS})\.?[ -]{_DAY}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR}[ -](?:{MONTHS})[ -]{_DAY}"
    rf"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19"
    rf"|20)\d\d)(?!\w|[./-]\d)",
    re.IGNORECASE,
)
_A_YEAR = re.compile(_YEAR)
_OLDEST = 1900  # nobody born earlier lives


def is_of_living(date: str) -> bool:
    """Say whether somebody who was born on that day can be alive."""
    year = _A_YEAR.search(date)
    return year is None or int(year[0]) >= _OLDEST
