"""x"""

WORDS: dict[str, str] = {}
