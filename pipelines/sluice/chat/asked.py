"""Part what is asked for from the material that it is asked about."""

import re

from sluice.chat.task_kind import TaskKind, task_kind

# Kinds of work in which a long text is what is worked on, and makes the request no harder.
ON_MATERIAL: frozenset[TaskKind] = frozenset({"summary", "translation", "extraction", "writing"})
QUOTED = re.compile(r"\"[^\"]{25,}\"|“[^“”]{25,}”|„[^„“”]{25,}[“”]|«[^«»]{25,}»|「[^「」]{12,}」|```.*?```", re.DOTALL)
# A paragraph that is longer is material, unless it is the first or the last and short enough to be a request.
LONGEST_REQUEST = 600
STANDS_FOR = "…"


def asked_for(question: str, kind: TaskKind) -> str:
    """Return the words that say what to do, without what is to be summarised, translated, sorted or rewritten."""
    if kind not in ON_MATERIAL:
        return question
    bare = QUOTED.sub(STANDS_FOR, question)
    if len(bare) <= LONGEST_REQUEST:
        return bare
    paragraphs = [paragraph for paragraph in re.split(r"\n\s*\n|\n", bare) if paragraph.strip()]
    edges = dict.fromkeys((paragraphs[0], paragraphs[-1]))
    short = [paragraph for paragraph in edges if len(paragraph) <= LONGEST_REQUEST]
    asking = [paragraph for paragraph in short if task_kind(paragraph) == kind]
    return "\n".join(asking or short) or bare[:LONGEST_REQUEST]
