"""Write a list of names as a regular expression that is quick to fail."""

import re
from collections import defaultdict
from collections.abc import Iterable


def one_of(names: Iterable[str]) -> str:
    """Return a pattern for one of the names, the longest that fits, to be used where case does not matter.

    Behind a class of its first letter, a branch is passed over at once; without one, `re` tries every name of a list
    at every place where it ignores case.
    """
    by_first: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        by_first[name[0].lower()].append(re.escape(name[1:]))
    return "|".join(f"(?-i:[{first}{first.upper()}])(?:{'|'.join(rests)})" for first, rests in sorted(by_first.items()))
