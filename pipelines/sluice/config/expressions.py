"""Compile the regular expressions that an admin writes, and refuse those that cannot be trusted with any text."""

import regex

# Strings that make a pattern with nested or neighbouring repeats try every way to divide them.
_TRIALS = tuple(
    unit * (2_000 // len(unit)) + tail
    for unit in ("a", "A", "0", " ", "-", ".", "_", "a0", "a ", "0-", "a.", "0 ", "A-0", "aA0", "/", "\n", '"', "=")
    for tail in ("", "!", "\x00")
)
_SECONDS = 0.1  # for each trial; a pattern of linear time needs thousandths of it


def compiled(expression: str) -> "regex.Pattern[str]":
    """Return the expression ready for use; raise ValueError with what is wrong with it and what to write instead."""
    try:
        pattern = regex.compile(expression)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError(f"it is no regular expression ({error}); in YAML, write it in single quotes") from None
    try:
        empty = pattern.search("") or any(_finds_nothing(pattern, trial) for trial in _TRIALS)
    except TimeoutError:
        raise ValueError(
            "it takes too long on some texts; do not repeat what already repeats, as in (a+)+, and bound "
            "repeats: {1,20}"
        ) from None
    if empty:
        raise ValueError("it matches where nothing stands; make at least one character of it required")
    return pattern


def checked(expression: str) -> str:
    """Return the expression as it is, if it compiles and can be trusted; raise ValueError otherwise."""
    compiled(expression)
    return expression


def _finds_nothing(pattern: "regex.Pattern[str]", text: str) -> bool:
    return any(match.start() == match.end() for match in pattern.finditer(text, timeout=_SECONDS))
