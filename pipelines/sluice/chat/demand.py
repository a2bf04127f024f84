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
EFFORTS = ("medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Demand:
    """What the answer must be, beyond right."""

    detailed: bool = False
    structured: bool = False  # JSON, or a schema
    reasoning: bool = False


def demand(call: Call, question: str) -> Demand:
    """Read from the question, and from the parameters, what the answer must be."""
    edges = question if len(question) <= 2 * EDGE else f"{question[:EDGE]}\n{question[-EDGE:]}"
    form = (call.parameters.get("response_format") or {}).get("type", "text")
    return Demand(
        detailed=DETAILED.search(edges) is not None,
        structured=form != "text" or STRUCTURED.search(edges) is not None,
        reasoning=call.parameters.get("reasoning_effort") in EFFORTS or REASONING.search(edges) is not None,
    )
