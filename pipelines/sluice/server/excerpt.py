"""Cut a text to what a person can look over, keeping what they are asked about."""

import re
from collections.abc import Iterator, Sequence

_CUT = "\n…\n"
_AROUND = 300  # characters before and behind what must be seen


def excerpt(text: str, marks: Sequence[str], length: int) -> str:
    """Return a text, or `length` characters of it: what is around these marks, else both its ends; `…` where cut."""
    if len(text) <= length:
        return text
    windows = list(_windows(text, marks)) or [(0, length // 2), (len(text) - length // 2, len(text))]
    shown, done = "", 0
    for start, end in windows:
        end = min(end, start + length)
        length -= end - start
        if end > start:
            cut = "" if start == done else _CUT if shown else _CUT.lstrip()
            shown += cut + text[start:end]
            done = end
    return shown + (_CUT.rstrip() if done < len(text) else "")


def _windows(text: str, marks: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where something of a text stands around its marks, in order and apart."""
    begun = done = -1
    for mark in re.finditer("|".join(map(re.escape, marks)), text) if marks else ():
        start, end = max(0, mark.start() - _AROUND), min(len(text), mark.end() + _AROUND)
        if start > done and done >= 0:
            yield begun, done
        begun, done = (begun if 0 <= start <= done else start), end
    if done >= 0:
        yield begun, done
