"""What a person says in a message about where it should be answered.

`@local` and `@cloud` at the start or the end, or a line of its own that says no more than "use the big model" or
"keep this local". A wish chooses within what is allowed.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from sluice.chat.own_words import own_words, texts
from sluice.chat.request import Call

Wish = Literal["local", "cloud", "frontier"]

WISH = re.compile(r"(?:\A\s*@(local|cloud)\b[ \t:,]*)|(?:\s@(local|cloud)\s*\Z)", re.IGNORECASE)
# On any line, since what an admin's own templates put around the words does not unsay it.
LOCAL_LINE = re.compile(r"^[^\S\n]*+@local\b|[^\S\n]@local[^\S\n]*+$", re.IGNORECASE | re.MULTILINE)

SENTENCE_ENDS = re.compile(r"[.!?:;\n。！？：；]+")
# What follows a colon is often material ("Translate: use the cloud"), so it sends nothing out.
COLON = re.compile(r"[:：][*_~`\"'”’»)\]\s\u200b]*\s")
ENDS_BUT_COLON = re.compile(r"[.!?;\n。！？；]+")
# Read from both ends of the message, since a long text in between is material: so many characters and sentences.
# What sends it out must be the first or the last that is said, since what stands beside it may be pasted.
EDGE = 400
LONGEST_SENTENCE = 90
SENTENCES: dict[Wish, int] = {"local": 2, "cloud": 1, "frontier": 1}
POLITE = (
    r"(?:(?:please|pls|now|then|can you|could you|bitte|jetzt|kannst du|s'il te pla[iî]t|s'il vous pla[iî]t"
    r"|peux-tu|por favor|ahora|puedes|per favore|puoi|alsjeblieft|请|现在)[ ,，]*)*"
)
FOR_THIS = (
    r"(?:[ ,]*(?:for (?:this|that|it)(?: one)?|here|this time|please|dafür|hierfür|diesmal|bitte|pour (?:ça|cela)"
    r"|cette fois|s'il te pla[iî]t|s'il vous pla[iî]t|para esto|esta vez|por favor|per questo|stavolta|hiervoor))*"
)
SAID: tuple[tuple[Wish, str], ...] = (
    (
        "frontier",
        r"(?:use|ask|try|take) (?:the|your) (?:big(?:gest)?|large(?:st)?|best|strong(?:est)?|frontier) (?:ai )?model"
        r"|(?:nimm|nutze|benutze|verwende|frag(?:e)?) das (?:gro(?:ß|ss)e|größte|beste|stärkste) modell"
        r"|(?:utilise[rz]?|prends|prenez|demande à) le (?:gros|grand|meilleur|plus grand|plus puissant) modèle"
        r"|(?:usa|utiliza|pregunta a|pregúntale a) ?l?(?:el|al)? ?(?:modelo (?:grande|más grande|más potente)"
        r"|mejor modelo)"
        r"|usa il modello (?:grande|più grande|migliore)|gebruik het (?:grote|grootste|beste) model"
        r"|用(?:最)?(?:大|强|好)的?模型(?:回答)?",
    ),
    (
        "cloud",
        r"(?:use|ask|try|send (?:this|it) to) the cloud(?: model)?|answer (?:this |it )?(?:in|from) the cloud"
        r"|(?:frag(?:e)?|nimm|nutze|benutze|verwende) (?:die cloud|das cloud-?modell)"
        r"|(?:utilise[rz]?|demande[rz]? (?:au|à)) (?:le (?:cloud|modèle cloud)|(?:modèle (?:cloud|du cloud)|cloud))"
        r"|(?:usa|utiliza|pregunta a) (?:la nube|el modelo (?:de la nube|en la nube))"
        r"|usa (?:il cloud|il modello cloud)|gebruik (?:de cloud|het cloudmodel)|(?:用|问)云端?模型",
    ),
    (
        "local",
        r"(?:use|ask|take) (?:the|a) local model|(?:answer|keep|do) (?:this|it|that) (?:only )?(?:local(?:ly)?"
        r"|on (?:this|my|our) machine)|(?:do not|don't) (?:use|send (?:this|it|anything) to) the cloud"
        r"|(?:nimm|nutze|benutze|verwende|frag(?:e)?) (?:nur )?das lokale modell"
        r"|(?:beantworte|behalte|mach) das (?:nur )?lokal|(?:nicht in die cloud|keine cloud)(?: schicken| senden)?"
        r"|(?:utilise[rz]?|prends) le modèle local|réponds? (?:en )?local(?:ement)?|n'utilise pas le cloud"
        r"|(?:usa|utiliza) (?:el )?modelo local|(?:responde|hazlo) (?:en )?local(?:mente)?|no uses la nube"
        r"|usa il modello locale|gebruik het lokale model|(?:只)?用本地模型(?:回答)?|不要(?:用|发到)云端?",
    ),
)
PHRASES: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wished, re.compile(rf"{POLITE}(?:{said}){FOR_THIS}", re.IGNORECASE)) for wished, said in SAID
)


def wish(call: Call) -> Wish | None:
    """Where the person wants this message answered.

    A wish for this machine holds for the whole conversation, because its message is part of every later call;
    one for the cloud only for the message that says it.
    """
    wishes = [_wish(message) for message in call.messages if message["role"] == "user"]
    if "local" in wishes:
        return "local"
    return wishes[-1] if wishes else None


def without_wish(text: str) -> str:
    """The text as a model should read it."""
    return WISH.sub("", text)


def _wish(message: Mapping[str, Any]) -> Wish | None:
    if LOCAL_LINE.search(texts(message)):
        return "local"
    words = own_words(message)
    if match := WISH.search(words):
        return "local" if (match[1] or match[2]).lower() == "local" else "cloud"
    words = words.strip()
    said = [wished for wished, phrase in PHRASES if any(phrase.fullmatch(one) for one in _edges(words, wished))]
    return "local" if "local" in said else next(iter(said), None)


def _edges(words: str, wished: Wish) -> list[str]:
    """The sentences at both ends of a message that may be this wish: short ones, none cut off in the middle."""
    begin = _sentences(words[:EDGE], SENTENCE_ENDS)
    end = _last(words[-EDGE:], wished)
    if len(words) > EDGE:
        begin, end = begin[:-1], end[1:]
    some = SENTENCES[wished]
    return [one for one in (*begin[:some], *end[-some:]) if len(one) <= LONGEST_SENTENCE]


def _last(part: str, wished: Wish) -> list[str]:
    return _sentences(part, SENTENCE_ENDS) if wished == "local" else _sentences(COLON.sub(": ", part), ENDS_BUT_COLON)


def _sentences(part: str, ends: re.Pattern[str]) -> list[str]:
    return [said for one in ends.split(part.replace("’", "'")) if (said := one.strip(" \t,-–—"))]
