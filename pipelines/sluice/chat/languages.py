"""Tell the languages of a text, by its script and by the small words that every sentence needs."""

import re
from collections import Counter
from collections.abc import Mapping

LOOKED_AT = 4_000  # characters
LEAST_SHARE = 0.3  # of the small words that were recognised

SMALL_WORDS: Mapping[str, str] = {
    "en": "the and is are of to in that for with this what how it you please my can was not on i we",
    "de": "der die das und ist nicht ein eine zu den mit von für auf wie ich bitte dem im wir was es",
    "fr": "le la les et est un une des du que pour dans ce cette avec pas je vous sur qui nous au",
    "es": "el los las y es un una que para con por del se no este esta como qué cómo lo mi más",
    "it": "il gli e è un una che per con di del della non come questo questa sono mi lo nel si",
    "nl": "de het een en is van voor met niet dat die deze dit op ik je wat hoe aan zijn wij",
    "pt": "o os as e é um uma que para com não do da em por este esta como mais você na no",
}
LANGUAGES_OF: Mapping[str, tuple[str, ...]] = {
    word: tuple(language for language, small in SMALL_WORDS.items() if word in small.split())
    for word in dict.fromkeys(" ".join(SMALL_WORDS.values()).split())
}
SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
SIGNS_PER_WORD = 2  # of the scripts that write without spaces
LATIN_WORD = re.compile(r"[^\W\d_]+")


def languages(text: str) -> tuple[str, ...]:
    """Return the languages of a text, two letters each, the main one first; none where too little is said."""
    looked_at = text[:LOOKED_AT]
    seen: Counter[str] = Counter()
    for language, script in SCRIPTS.items():
        if signs := len(script.findall(looked_at)):
            seen[language] += max(1, signs // SIGNS_PER_WORD)
    if seen["ja"]:
        seen["ja"] += seen.pop("zh", 0)
    for word in LATIN_WORD.findall(looked_at.lower()):
        seen.update(LANGUAGES_OF.get(word, ()))
    most = seen.most_common(1)[0][1] if +seen else 0
    return tuple(language for language, count in seen.most_common() if count and count >= LEAST_SHARE * most)
