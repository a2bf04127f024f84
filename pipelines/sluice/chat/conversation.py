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
# What points back at the answer before it.
POINTERS_WITHIN = 60
POINTERS = cues_pattern(
    (
        *("it", "its", "that", "those", "these", "they", "them", "above", "previous", "instead", "also", "again"),
        *("shorter", "longer", "more", "now", "but", "why", "ok", "yes", "no", "the first", "the second", "the last"),
        *("and", "so", "same", "this answer", "your answer", "you said", "continue", "go on", "es", "das", "davon"),
        *("darin", "dazu", "und", "aber", "warum", "jetzt", "kürzer", "länger", "auch", "stattdessen", "weiter"),
        *("noch", "ja", "nein", "deine antwort", "ça", "cela", "et", "mais", "pourquoi", "maintenant", "aussi"),
        *("plutôt", "plus court", "plus long", "oui", "non", "continue", "eso", "esto", "y", "pero", "por qué"),
        *("ahora", "también", "más corto", "más largo", "sí", "sigue", "questo", "e", "ma", "perché", "adesso"),
        *("anche", "più breve", "più lungo", "continua", "dat", "en", "maar", "waarom", "nu", "ook", "korter"),
        *("langer", "ga door", "这个", "那", "它", "为什么", "现在", "再", "更", "继续", "上面", "也"),
    )
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
    return POINTERS.search(question[:POINTERS_WITHIN].lower()) is not None


def _words(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text[:COMPARED].lower())}
