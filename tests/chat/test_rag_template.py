"""Retrieved passages in Open WebUI's own template, whose instructions speak of source tags too."""

from __future__ import annotations

from sluice import chat

# The parts of Open WebUI 0.12.4's DEFAULT_RAG_TEMPLATE that name the tag; its other words do not matter.
TEMPLATE = """### Task:
Cite in the format [id] **only when the <source> tag includes an explicit id attribute** (e.g., <source id="1">).
- Do not cite if the <source> tag does not contain an id attribute.

<context>
{context}
</context>
"""
PASSAGES = '<source id="1" name="party.txt">Bring cake.</source>\n<source id="2" name="list.txt">Forty guests.</source>'


def documents(text: str) -> list[tuple[str, str]]:
    call = chat.read_call({"model": "sluice.auto", "messages": [{"role": "user", "content": text}]})
    return [(piece.name, piece.text) for piece in chat.pieces(call) if piece.kind == "document"]


def test_a_file_keeps_its_name_and_its_words_and_nothing_else_is_a_document() -> None:
    text = TEMPLATE.format(context=PASSAGES) + "Who brings what?"

    assert documents(text) == [("party.txt", "Bring cake."), ("list.txt", "Forty guests.")]


def test_a_file_that_quotes_the_example_hides_nothing_of_itself() -> None:
    passage = '<source id="1" name="party.txt">Bring (e.g., <source id="1">) cake.</source>'

    ((name, words),) = documents(TEMPLATE.format(context=passage))

    assert (name, words) == ("party.txt", 'Bring (e.g., <source id="1">) cake.')
