"""Tell how the newest question stands to what was said before: new, a follow-up, or a complaint about the answer."""

import re
from itertools import islice
from typing import Literal

from sluice.chat.own_words import own_words, texts
from sluice.chat.request import Call
from sluice.chat.task_kind import cues_pattern

State = Literal["new", "follow_up", "correction", "regenerated"]

# A complaint comes first, and is short.
COMPLAINT_WITHIN = 160  # characters
COMPLAINTS = cues_pattern(
    (
        *("that's wrong", "that is wrong", "this is wrong", "that's not right", "that's not correct", "not correct"),
        *("incorrect", "is wrong", "are wrong", "try again", "try it again", "do it again", "redo", "you missed"),
        *("you forgot", "you ignored", "you misunderstood", "not what i asked", "not what i meant", "i asked for"),
        *("doesn't work", "does not work", "didn't work", "still fails", "still wrong", "still not", "still broken"),
        *("same error", "doesn't compile", "does not compile", "too vague", "too shallow", "not good enough"),
        *("you're wrong", "you made that up", "there is no such", "that can't be right", "wrong answer", "useless"),
        *("das stimmt nicht", "stimmt nicht", "ist falsch", "falsch", "nochmal", "noch einmal", "noch mal", "unsinn"),
        *("versuch es erneut", "funktioniert nicht", "geht nicht", "geht immer noch nicht", "du hast vergessen"),
        *("nicht das, was ich", "nicht gefragt", "zu oberflächlich", "gleiche fehler", "c'est faux", "est faux"),
        *("ce n'est pas correct", "pas ce que j'ai demandé", "réessaie", "réessayez", "recommence", "essaie encore"),
        *("ça ne marche pas", "ne fonctionne pas", "tu as oublié", "trop vague", "incorrecte", "está mal"),
        *("es incorrecto", "no es correcto", "inténtalo de nuevo", "otra vez", "no funciona", "te equivocas"),
        *("no es lo que pedí", "olvidaste", "è sbagliato", "sbagliato", "non è corretto", "riprova", "non funziona"),
        *("hai dimenticato", "non è quello che", "dat klopt niet", "klopt niet", "is fout", "probeer opnieuw"),
        *("opnieuw", "werkt niet", "je bent vergeten", "niet wat ik vroeg", "不对", "错了", "不正确", "重试", "再试"),
        *("重新来", "还是不行", "不是我要的", "你漏了", "不行"),
    )
)
# What points back at the answer before it: at the beginning of a question, or near it.
BEGINS_WITHIN, POINTS_WITHIN = 12, 60
BEGINNINGS = cues_pattern(
    (
        *("and", "but", "so", "now", "why", "ok", "okay", "yes", "no", "also", "then", "same", "continue", "go on"),
        *("shorter", "longer", "more", "only", "add", "what about", "make it", "und", "aber", "warum", "jetzt", "nun"),
        *("ja", "nein", "auch", "weiter", "kürzer", "länger", "etwas", "nur", "et", "mais", "pourquoi", "maintenant"),
        *("oui", "non", "aussi", "plus court", "plus long", "ajoute", "y", "pero", "por qué", "ahora", "sí", "también"),
        *("más corto", "más largo", "añade", "solo", "e", "ma", "perché", "adesso", "ora", "anche", "più breve"),
        *("aggiungi", "en", "maar", "waarom", "nu", "ook", "korter", "langer", "voeg", "再", "更", "继续", "为什么"),
        *("现在", "那"),
    )
)
POINTERS = cues_pattern(
    (
        *("it", "its", "that", "those", "these", "they", "them", "above", "previous", "instead", "again", "the result"),
        *("the first", "the second", "the last", "the part", "your answer", "you said", "davon", "darin", "dazu"),
        *("stattdessen", "deine antwort", "diese variante", "der erste", "der zweite", "ça", "cela", "celui-ci"),
        *("ta réponse", "le premier", "le second", "eso", "esto", "tu respuesta", "el primero", "el segundo"),
        *("questo", "quello", "la tua risposta", "il primo", "il secondo", "daarvan", "je antwoord", "de eerste"),
        *("one more", "another one", "more of", "noch ein", "noch mehr", "un autre", "encore un", "otro", "otra más"),
        *("un altro", "un'altra", "nog een", "再来"),
        *("de tweede", "这个", "它", "上面"),
    )
)
# Words that any two texts share.
EMPTY = frozenset(
    " ".join(
        (
            ".join( ( , , , , ,",
        )
    ).split()
)
WORD = re.compile(r"[^\W\d_]{4,}|[\u4e00-\u9fff]{2}")
STEM = 6  # letters; the endings that languages put on words come later
COMPARED = 4_000  # characters of each text
EARLIER_QUESTIONS = 6
RELATED_SHARE = 0.2


def state(call: Call) -> State:
    """Return how the newest question stands to the conversation; only who knows earlier calls sees `regenerated`."""
    asked = [message for message in call.messages if message["role"] == "user"]
    answer = next((texts(m) for m in reversed(call.messages) if m["role"] == "assistant" and texts(m)), "")
    if len(asked) < 2 or not answer:
        return "new"
    question = own_words(asked[-1]).strip()
    if COMPLAINTS.search(question[:COMPLAINT_WITHIN].lower().replace("’", "'")):
        return "correction"
    before = [own_words(message) for message in islice(reversed(asked[:-1]), EARLIER_QUESTIONS)]
    return "follow_up" if _follows(question, [answer, *before]) else "new"


def _follows(question: str, before: list[str]) -> bool:
    """By the share of its words that were said before; short questions and those that point back belong to them."""
    words = _words(question)
    said = set().union(*(_words(text) for text in before))
    shared = len(words & said) / len(words) if words else 1.0
    if shared >= RELATED_SHARE:
        return True
    lowered = question[:POINTS_WITHIN].lower()
    return BEGINNINGS.search(lowered[:BEGINS_WITHIN]) is not None or POINTERS.search(lowered) is not None


def _words(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text[:COMPARED].lower()) if word not in EMPTY}
