"""Tell what kind of work a question asks for, by the words people use for it in the languages of a team.

Words in Latin script stand alone or begin a word; a trailing `~` lets endings follow, as in `summari~`. Of several
kinds the one that is asked for nearest the beginning or the end wins, where people put their request around a text.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from sluice.chat.code import is_code

TaskKind = Literal["chat", "code", "reasoning", "writing", "translation", "extraction", "summary", "task"]

# A request stands at the beginning or the end; what is between is mostly the material.
HEAD, TAIL = 600, 300

CUES: Mapping[TaskKind, tuple[str, ...]] = {
    "translation": (
        *("translat~", "into english", "into german", "into french", "into spanish", "into italian", "into dutch"),
        *("into chinese", "in plain german", "übersetz~", "ins englische", "ins deutsche", "ins französische"),
        *("ins spanische", "auf englisch", "auf deutsch", "tradui~", "en anglais", "en allemand", "en français"),
        *("traduc~", "tradúc~", "al inglés", "al español", "al alemán", "en inglés", "traduzi~", "traduci~"),
        *("in inglese", "in tedesco", "in italiano", "vertaal~", "vertalen", "vertaling", "naar het engels"),
        *("naar het duits", "naar het nederlands", "翻译", "译成", "译为"),
    ),
    "summary": (
        *("summar~", "sum up", "tl;dr", "tldr", "key points", "main points", "key takeaways", "in a nutshell"),
        *("boil down", "condense", "minutes of", "zusammenfass~", "fasse", "fass", "kernaussagen", "das wichtigste"),
        *("auf den punkt", "résum~", "résumé", "synthèse", "points clés", "l'essentiel", "resum~", "resúm~"),
        *("puntos clave", "ideas principales", "riassu~", "sintesi", "punti chiave", "samenvat~", "vat samen", "vat"),
        *("hoofdpunten", "总结", "摘要", "概括", "要点", "归纳"),
    ),
    "extraction": (
        *("extract~", "pull out", "list all", "list every", "list the names", "find all", "pick out", "classify"),
        *("categori~", "tag each", "label each", "which of these", "into a table", "as a table", "as csv", "as json"),
        *("fill in the fields", "extrahier~", "lies heraus", "liste alle", "such alle", "ordne zu", "klassifizier~"),
        *("als tabelle", "in eine tabelle", "als csv", "als json", "extrai~", "relève", "liste toutes", "liste tous"),
        *("sous forme de tableau", "en tableau", "classe", "extrae", "extraer", "enumera", "en una tabla", "clasifica"),
        *("estrai", "estrarre", "elenca tutti", "in una tabella", "haal eruit", "som alle", "in een tabel"),
        *("classificeer", "提取", "列出所有", "抽取", "分类", "整理成表格"),
    ),
    "writing": (
        *("write", "draft", "compose", "reword", "rephrase", "rewrite", "proofread", "reply to", "answer this"),
        *("cover letter", "blog post", "press release", "job ad", "newsletter", "slogan", "speech", "e-mail to"),
        *("polish", "email to", "make this sound", "make it sound", "friendlier", "more formal", "correct the"),
        *("fix the grammar", "fix the spelling", "shorten", "headline~", "title for", "invitation", "schreib~"),
        *("entwirf", "formulier~", "umformulier~", "verfass~", "korrigier~", "kürze", "anschreiben"),
        *("stellenanzeige", "antworte auf", "freundlicher", "einladung", "rechtschreib~", "rédige~", "écri~"),
        *("reformul~", "corrige~", "lettre", "annonce", "courriel", "raccourci~", "escrib~", "redact~", "reescrib~"),
        *("corrige", "carta"),
        *("correo", "anuncio", "scriv~", "riscriv~", "redigi", "lettera", "annuncio", "schrijf", "herschrijf"),
        *("verbeter de", "brief aan", "uitnodiging", "写一", "写封", "写个", "起草", "改写", "润色", "撰写", "邮件"),
    ),
    "code": (
        *("function", "unit test~", "regex", "regular expression", "sql", "python", "javascript", "typescript", "rust"),
        *("golang", "kotlin", "c++", "c#", "java", "bash", "shell script", "powershell", "docker~", "kubernetes"),
        *("git", "refactor~", "debug~", "stack trace", "traceback", "exception", "compile~", "endpoint", "api"),
        *("css", "html", "react", "django", "fastapi", "pandas", "code", "codebase", "script", "query", "algorithm"),
        *("nullpointerexception", "segfault", "yaml", "dockerfile", "makefile", "funktion", "skript", "abfrage"),
        *("programmier~", "quelltext", "fonction", "requête", "script", "función", "consulta", "funzione", "functie"),
        *("函数", "代码", "脚本", "正则", "编程", "报错", "数据库查询"),
    ),
    "reasoning": (
        *("prove", "proof", "deriv~", "calculat~", "comput~", "solve", "equation", "probabilit~", "integral"),
        *("theorem", "how many", "how long would", "puzzle", "riddle", "optimi~", "estimate", "analy~", "compare"),
        *("evaluate", "trade-off~", "tradeoff~", "pros and cons", "strateg~", "should we", "which option", "decide"),
        *("assess", "critique", "weigh", "root cause", "implications", "step by step", "forecast", "model the"),
        *("beweis~", "herleit~", "berechn~", "rechne", "löse", "gleichung", "wahrscheinlich~", "wie viele", "rätsel"),
        *("analysier~", "vergleich~", "bewert~", "abwäg~", "vor- und nachteile", "sollen wir", "sollten wir"),
        *("entscheid~", "démontr~", "prouve~", "calcul~", "résou~", "équation", "probabilité", "combien"),
        *("analyse~", "compare~", "évalue~", "avantages", "devrions-nous", "stratégie", "demuestr~", "calcul~"),
        *("resuelv~", "ecuación", "probabilidad", "cuántos", "cuántas", "analiz~", "compar~", "evalúa", "ventajas"),
        *("deberíamos", "estrategia", "dimostr~", "calcol~", "risolv~", "equazione", "quanti", "confront~"),
        *("valuta", "dovremmo", "bewijs", "bereken~", "los op", "vergelijk~", "beoordeel", "voor- en nadelen"),
        *("moeten we", "hoeveel"),
        *("证明", "计算", "求解", "方程", "概率", "多少", "分析", "比较", "权衡", "评估", "推导"),
    ),
}


def task_kind(question: str) -> TaskKind:
    """Return what kind of work the question asks for; `chat` where nothing tells."""
    text = question if len(question) <= HEAD + TAIL else f"{question[:HEAD]}\n{question[-TAIL:]}"
    lowered = text.lower()
    found = {kind: place for kind in CUES if (place := _nearest(kind, lowered)) is not None}
    if "code" not in found and is_code(question):
        found["code"] = HEAD  # beaten by whatever is asked for in words
    if not found:
        return "chat"
    if "code" in found and set(found) <= {"code", "writing", "reasoning", "extraction"}:
        # "Write a function" and "compare these queries" are code, whatever the verb.
        return "code"
    return min(found, key=lambda kind: (found[kind], list(CUES).index(kind)))


def _nearest(kind: TaskKind, text: str) -> int | None:
    """How far from the beginning, or from the end, the kind is asked for; what begins a line is a request."""
    places = [match.start() for match in _pattern(kind).finditer(text)]
    if not places:
        return None
    if any(place == 0 or text[place - 1] == "\n" for place in places):
        return 0
    return min(places[0], len(text) - places[-1])


@cache
def _pattern(kind: TaskKind) -> re.Pattern[str]:
    return cues_pattern(CUES[kind])


def cues_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of these words; it takes linear time."""
    return re.compile("|".join(_cue(cue) for cue in sorted(set(cues), key=len, reverse=True)))


def _cue(cue: str) -> str:
    bare = re.escape(cue.removesuffix("~"))
    if cue[0] > "\u2e80":
        return bare
    return rf"\b{bare}" if cue.endswith("~") else rf"(?<!\w){bare}(?!\w)"
