"""A turn is found again when it stands alone in the history, whatever was added to it while it was the newest."""

import pytest
from sluice.chat import newest_turn, read_call, turns
from sluice.chat.request import Call

WORDS = "what is the key?\nsay it once"
ATTACHED = '<attached_files>\n<file type="file" id="1" name="a.env"/>\n</attached_files>\n\n'
CONTEXT = '<context>\n<source id="1" name="a.env">one\ntwo</source>\n</context>'
CODE = "\n\n#### Code Interpreter\n\nYou have access to a Python shell.\n"
ADDED = {
    "nothing": WORDS,
    "files": ATTACHED + WORDS,
    "passages before": f"### Task:\n{CONTEXT}\n{WORDS}",
    "passages behind": f"{WORDS}\n\n{CONTEXT}",
    "code interpreter": WORDS + CODE,
    "all": f"### Task:\n{CONTEXT}\n{ATTACHED}{WORDS}{CODE}",
    "a template's own end": f"{CONTEXT}\nAnswer in German.\n{WORDS}",
    "a prompt of an admin": f"{WORDS}\n\nYou may write code.\nBe brief.",
}


def call_of(*said: str) -> Call:
    answered = [m for text in said[:-1] for m in (("user", text), ("assistant", "I see."))]
    messages = [{"role": role, "content": text} for role, text in (*answered, ("user", said[-1]))]
    return read_call({"model": "m", "messages": messages})


@pytest.mark.parametrize("newest", ADDED.values(), ids=ADDED.keys())
@pytest.mark.parametrize("earlier", [(), ("hello",)], ids=["first", "second"])
def test_a_turn_is_found_again_without_what_was_added(newest: str, earlier: tuple[str, ...]) -> None:
    kept = set(newest_turn(call_of(*earlier, newest), b"salt"))

    assert kept & set(turns(call_of(*earlier, WORDS, "and again?"), b"salt"))
    assert not kept & set(turns(call_of(*earlier, WORDS.replace("once", "twice"), "and again?"), b"salt"))
    assert not kept & set(turns(call_of("other", WORDS, "and again?"), b"salt"))


def test_a_message_added_while_tools_run_does_not_hide_the_persons_own() -> None:
    asked = {"role": "assistant", "tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}]}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "x"}
    said = [{"role": "user", "content": WORDS}, asked, result, {"role": "user", "content": CONTEXT}]

    kept = newest_turn(read_call({"model": "m", "messages": said}), b"salt")

    assert set(kept) & set(turns(call_of(WORDS, "and again?"), b"salt"))
