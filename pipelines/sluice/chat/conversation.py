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
# Words that any two texts share, in full.
SHARED = (
    # English
    "about above after again against almost along already also although always among another anyone anything "
    "because been before being below between both came cannot come could does doing done down during each either "
    "else enough even ever every everything from further gets give given goes going gone have having here hers "
    "herself himself however instead into itself just keep know less like made make makes many maybe might mine "
    "more most much must need needs neither never none nothing often once only onto other others ought ours over "
    "please quite rather really same shall should since some someone something sometimes still such sure take "
    "takes tell than that their theirs them themselves then there therefore these they thing things this those "
    "though through thus together toward towards under unless until upon used uses using very want wants well "
    "went were what whatever when where whether which while whole whom whose will with within without would your "
    "yours yourself "
    # German
    "aber alle allem allen aller alles also andere anderen anderer anderes auch beide beiden beim bereits bevor "
    "bitte dabei dadurch dafür damit danach dann daran darauf daraus darf darin darum darüber dass davon davor "
    "dazu dein deine deinem deinen deiner denn deren derer deshalb dessen dich dies diese diesem diesen dieser "
    "dieses doch dort durch dürfen eben eine einem einen einer eines einige einigen einmal etwa etwas euch euer "
    "eure eurem euren falls fast ganz gegen genau gerade gern gerne gibt habe haben hast hatte hatten hier hinter "
    "hätte hätten ihnen ihre ihrem ihren ihrer immer indem jede jedem jeden jeder jedes jedoch jene jetzt kann "
    "kannst kein keine keinem keinen keiner können könnte könnten mache machen macht manche mehr mein meine "
    "meinem meinen meiner mich mindestens muss musst müssen nach nachdem neben nicht nichts noch obwohl oder ohne "
    "schon sehr sein seine seinem seinen seiner seit selbst sich sind sobald sogar solche solchen soll sollen "
    "sollte sollten sondern sonst soweit sowie trotzdem unser unsere unserem unseren unter viel viele vielen "
    "vielleicht wann waren warum weil weiter welche welchem welchen welcher welches wenig wenn werde werden "
    "wessen wieder wieso wird wirst woher wohin wollen worden wurde wurden während wäre wären würde würden zwar "
    "zwischen über "
    # French
    "afin ainsi alors après assez aucun aucune aussi autant autour autre autres avait avant avec avez avoir avons "
    "beaucoup bien ceci cela celle celles celui cependant certain certaine certains cette ceux chaque chez "
    "combien comme comment contre dans depuis derrière deux devant devrait dire dois doit doivent donc donner "
    "dont durant déjà elle elles encore enfin entre faire fait faites faut fois font jamais jusque laquelle "
    "lequel lesquels leur leurs lors lorsque mais malgré moins même mêmes notre nous parce parfois parmi pendant "
    "peut peuvent peux plupart plus plusieurs plutôt pour pourquoi pourrait pourtant pouvez prendre presque près "
    "puis puisque quand quel quelle quelles quelque quelques quels quoi sans sauf selon sera serait seulement "
    "sinon soit sommes sont sous souvent suis tandis tant telle telles tels toujours tous tout toute toutes trop "
    "très vers veux voici voilà votre vous vraiment étaient était étant être "
    # Spanish
    "además ahora algo alguien alguna algunas alguno algunos algún allí ante antes aquel aquella aquello aquí "
    "aunque bajo bastante bien cada casi como contra cual cuales cualquier cuando cuanto cuál cuáles cuándo "
    "cuánto cuántos cómo debe deben debería deja demás dentro desde después donde durante dónde ella ellas ellos "
    "entonces entre eran eres esas esos esta estaba estar estas este esto estos estoy está están fuera fueron "
    "gracias había hace hacen hacer hacia haga hasta jamás luego mejor menos mientras misma mismas mismo mismos "
    "mucha muchas mucho muchos nada nadie ninguna ninguno ningún nosotros nuestra nuestras nuestro nuestros nunca "
    "otra otras otro otros para pero poca poco pocos podemos poder podría porque puede pueden puedes puedo pues "
    "quien quienes quiere quiero quién sean según sería sido siempre siendo sino sobre solamente solo somos sólo "
    "también tampoco tanto tantos tenemos tener tengo tiene tienen tienes toda todas todavía todo todos tras tuya "
    "tuyo unas unos usted ustedes varias varios veces vuestra vuestro "
    # Italian
    "abbia abbiamo adesso alcuna alcune alcuni alcuno alla alle allo allora altra altre altri altro anche ancora "
    "anzi avere aveva avevano bene ciascun ciascuno cioè circa coloro come comunque contro cosa cose così dagli "
    "dalla dalle dallo degli della delle dello dentro deve devo devono dopo dove dovrebbe dunque durante ecco "
    "entrambi erano essa esse essere essi fanno fare fatto fino forse fuori grazie hanno infatti inoltre invece "
    "loro meno mentre miei molta molte molti molto negli nella nelle nello nessun nessuna nessuno niente nostra "
    "nostre nostri nostro nulla ogni ognuno oltre oppure ossia perché perciò però poca poche pochi poco poiché "
    "possiamo posso possono potrebbe prima proprio puoi qualche qualcosa qualcuno quale quali qualsiasi quando "
    "quanta quante quanti quanto quasi quei quel quella quelle quelli quello questa queste questi questo quindi "
    "sarebbe sarà secondo sempre senza siamo siano siete solo soltanto sono sopra sotto stai stata state stati "
    "stato stessa stesse stessi stesso sugli sulla sulle suoi tale tali tanta tante tanti tanto troppo tuoi tutta "
    "tutte tutti tutto vengono verso viene voglio volta volte vostra vostro vuoi vuole "
    # Dutch
    "aangezien achter afgelopen alle alleen alles altijd andere anderen anders behalve beide beneden binnen boven "
    "bovendien buiten daar daarin daarna daarom daaronder daarvan daarvoor deze doch doen doet door echter eens "
    "eerst elke enige enkele ergens even geen gehad geweest gewoon graag haar hadden hebben hebt heeft heel hier "
    "hierin hiermee hoeveel ieder iedere iedereen iemand iets ikzelf inderdaad indien jouw jullie konden kunnen "
    "kunt laat later liever maak maakt maar maken meer meest mezelf mijn minder moest moet moeten mogen naar "
    "naast nadat niemand niet niets nooit ofwel omdat ondanks onder onze opdat over overal rond sinds slechts "
    "sommige soms steeds tegen tenzij terwijl toch toen totdat tussen vaak vanaf vanuit veel verder volgens voor "
    "vooral voordat vooruit vóór waar waarbij waarin waarmee waarom waarvan waarvoor wanneer want waren weer welk "
    "welke werd werden willen word worden wordt zeer zelf zich zichzelf zijn zoals zodat zonder zouden zowel "
    "zulke zullen "
)
EMPTY = frozenset(SHARED.split())
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
