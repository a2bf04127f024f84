"""What reads a call before any time limit takes time in proportion to it, whatever somebody sends."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sluice.chat import (
    Call,
    asked_for,
    bare_question,
    branch,
    code_languages,
    demand,
    languages,
    media_kinds,
    pieces,
    prompt_tokens,
    read_call,
    state,
    task_kind,
    turns,
    wish,
)

from tests.growth import grows_linearly

UNITS = {
    "backslashes": "\\",
    "escapes": "\\\\n",
    "spaces": " ",
    "newlines": "\n",
    "blank lines": " \n",
    "tabs": "\t",
    "wishes": " @cloud ",
    "wishes for local": " @locals",
    "opening": "<source id=",
    "half open": "<source ",
    "opened": '<source id="1" name="a">',
    "names": "<source id=1 name='a name='",
    "closing": "</source>",
    "contexts": "<context></context>",
    "attached": "<attached_files>",
    "code": "\n#### Code Interpreter\n",
    "quotes": '"',
    "opened quotes": "“ a",
    "fences": "```",
    "fenced spaces": "``` \t",
    "functions": "def f(",
    "brackets closed": ")",
    "queries": "SELECT ",
    "please": "please ",
    "digits": "1",
    "brackets": "{[",
    "words": "lorem ",
}
READERS: dict[str, Callable[[Call], Any]] = {
    "pieces": pieces,
    "turns": lambda call: turns(call, b"salt"),
    "wish": wish,
    "bare question": bare_question,
    "media": media_kinds,
    "branch": lambda call: branch(call, b"salt"),
    "task kind": lambda call: task_kind(bare_question(call)),
    "what is asked": lambda call: asked_for(bare_question(call), "summary"),
    "languages": lambda call: languages(bare_question(call)),
    "code": lambda call: code_languages(bare_question(call)),
    "demand": lambda call: demand(call, bare_question(call)),
    "state": state,
    "tokens": lambda call: prompt_tokens(call.messages),
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_time_grows_no_faster_than_the_text(read: Callable[[Call], Any], unit: str) -> None:
    def work(text: str) -> object:
        return read(read_call({"model": "m", "messages": [{"role": "user", "content": text + "x"}]}))

    assert grows_linearly(work, unit, 5_000)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_time_grows_no_faster_than_the_conversation(read: Callable[[Call], Any]) -> None:
    def seconds(length: int) -> float:
        result = {"role": "tool", "tool_call_id": "c", "content": "\\n done"}
        said = [{"role": "user", "content": "go on\nplease"}, result] * length
        call = read_call({"model": "m", "messages": said})
        start = time.process_time()
        read(call)
        return time.process_time() - start

    seconds(20)
    short, long = seconds(500), seconds(4_000)

    assert long < 30 * short + 0.1
