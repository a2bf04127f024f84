"""Tell what is asked of the answer: length, form, reasoning."""

import re
from dataclasses import dataclass

from sluice.chat.request import Call

# A request stands at the beginning or the end of a message.
EDGE = 1_000

DETAILED = re.compile(
    r"\b(?:in (?:full |great )?detail|detailed|comprehensive|thorough(?:ly)?|in[- ]depth|exhaustive|as long as"
    r"|\d{1,2}[- ]pages?|(?:[89]\d\d|[1-9],?\d{3}) words|white ?paper|ausführlich|detailliert|umfassend|gründlich"
    r"|en détail|détaillée?|approfondie?|exhaustif|en detalle|detallad[oa]|exhaustiv[oa]|in dettaglio|dettagliat[oa]"
    r"|approfondit[oa]|uitgebreid|gedetailleerd|grondig)\b|详细|详尽|全面|深入",
    re.IGNORECASE,
)
STRUCTURED = re.compile(
    r"\b(?:as|valid|only|in|return|als|en|au format|in formato) json\b|json schema|json格式", re.IGNORECASE
)
REASONING = re.compile(
    r"\b(?:step[- ]by[- ]step|think (?:hard|carefully|it through)|show your (?:work|reasoning)|schritt für schritt"
    r"|denk (?:gut|genau|gründlich) nach|étape par étape|réfléchis bien|paso a paso|piensa bien"
    r"|passo (?:per|dopo) passo|stap voor stap|denk goed na)\b|一步一步|逐步|仔细思考",
    re.IGNORECASE,
)
LENGTHY = re.compile(
    r"\b(?:(?:\d{1,2}|two|three|four|five|several|zwei|drei|vier|fünf|deux|trois|quatre|cinq|dos|tres|cuatro|due|tre|twee"
    r"|drie)[- ]?(?:pages?|seiten|seitige[rsn]?|páginas|pagine|pagina's)|white ?paper"
    r"|(?:[89]\d\d|[1-9][.,]?\d{3}) (?:words|wörter|mots|palabras|parole|woorden))\b|[两三四五]页|\d{3,}字",
    re.IGNORECASE,
)
RIGOROUS = re.compile(
    r"\b(?:prove|proof|derive|derivation|disprove|refute|beweis\w*|widerleg\w*|herleit\w*|démontre\w*|prouve[rz]?"
    r"|réfute\w*|demuestr\w*|demostra\w*|dimostra\w*|bewijs|weerleg)\b|证明|推导|反驳",
    re.IGNORECASE,
)
COMPOSED = re.compile(
    r"\b(?:write|draft|compose|explain|describe|suggest|recommend|ideas?|how (?:do|can|should|does|to)|schreib\w*"
    r"|verfass\w*|entwirf|erklär\w*|beschreib\w*|ideen|wie (?:mache|kann|funktioniert)|écri\w*|rédige\w*|expli\w+"
    r"|décri\w*|idées|comment (?:faire|fonctionne)|escrib\w*|redact\w*|describ\w*|ideas|cómo (?:puedo|hago|funciona)"
    r"|scriv\w*|spieg\w*|descriv\w*|schrijf|leg uit|beschrijf|hoe (?:kan|werkt))\b"
    r"|写[一封个篇]|解释|描述|总结|帮我|怎么",
    re.IGNORECASE,
)
EFFORTS = ("medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Demand:
    """What the answer must be, beyond right."""

    detailed: bool = False
    structured: bool = False  # JSON, or a schema
    reasoning: bool = False
    lengthy: bool = False  # pages of text
    rigorous: bool = False  # a proof or a derivation
    composed: bool = False  # several sentences of its own


def demand(call: Call, question: str) -> Demand:
    """Read from the question, and from the parameters, what the answer must be."""
    edges = question if len(question) <= 2 * EDGE else f"{question[:EDGE]}\n{question[-EDGE:]}"
    form = (call.parameters.get("response_format") or {}).get("type", "text")
    return Demand(
        detailed=DETAILED.search(edges) is not None,
        structured=form != "text" or STRUCTURED.search(edges) is not None,
        reasoning=call.parameters.get("reasoning_effort") in EFFORTS or REASONING.search(edges) is not None,
        lengthy=LENGTHY.search(edges) is not None,
        rigorous=RIGOROUS.search(edges) is not None,
        composed=COMPOSED.search(edges) is not None,
    )
