"""What was private stays private: the caller's own name, and branches of a chat that were kept on the machine."""

from dataclasses import replace
from typing import Any

import pytest
from sluice.errors import NoModel, UpstreamError
from sluice.switches import Switches
from sluice.upstream import Delta

from tests.gateway.conftest import KNOWN, Rig
from tests.media.pictures import url_of, written
from tests.standins.script import Answer, ToolCall

NAMED = replace(KNOWN, name="Ilse Marten", email="ilse@marten.example")
PRIVATE = "this chat holds messages that were private"


def later(*said: str) -> list[dict[str, Any]]:
    """A conversation in which each message but the last was answered."""
    answered = [m for text in said[:-1] for m in (("user", text), ("assistant", "I see."))]
    return [{"role": role, "content": text} for role, text in (*answered, ("user", said[-1]))]


async def test_a_first_name_alone_keeps_nobody_from_the_cloud(rig: Rig) -> None:
    answered = await rig.ask("Why is ilse short for Elisabeth?", "frontier", replace(NAMED, name="Ilse"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


@pytest.mark.parametrize(
    ("text", "lane", "more"),
    [
        ("between us", "local", {}),
        ("between us", "auto", {"sluice": {"preference": "private"}}),
        ("my SECRET matter", "frontier", {}),
        ("<context><source id=\"1\">x</source></context>between us", "frontier", {}),
    ],
    ids=["lane", "preference", "finding", "file"],
)  # fmt: skip
async def test_what_was_kept_local_is_kept_in_later_turns(rig: Rig, text: str, lane: str, more: Any) -> None:
    await rig.ask(text, lane, **more)
    # What made the first turn private need not stand in the history: an answer may tell of it in other words.
    bare = text.split("</context>")[-1]

    answered = await rig.ask("", "frontier", messages=later(bare, "and now?"))

    assert answered.status.startswith("Local · qwen3:8b · kept local: ")
    assert rig.cloud.record.requests == []


async def test_a_private_message_that_nobody_could_answer_stays_private(rig: Rig) -> None:
    rig.ollama.models.clear()
    await rig.fleet.look()
    with pytest.raises((NoModel, UpstreamError)):
        await rig.ask("between us", "local")

    with pytest.raises(NoModel, match="Nothing was sent to the cloud"):
        await rig.ask("", "frontier", messages=later("between us", "and now?"))

    assert rig.cloud.record.requests == []


async def test_another_branch_of_the_chat_is_free_to_leave(rig: Rig) -> None:
    await rig.ask("between us", "local")

    answered = await rig.ask("", "frontier", messages=later("between all of us", "and now?"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


@pytest.mark.parametrize("other", [{"chat": "c-2"}, {"user": "u-2"}], ids=["another chat", "another person"])
async def test_the_label_is_of_one_chat_of_one_person(rig: Rig, other: dict[str, str]) -> None:
    await rig.ask("between us", "local")

    answered = await rig.ask("", "frontier", replace(KNOWN, **other), messages=later("between us", "and now?"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_background_tasks_on_the_local_lane_make_no_chat_private(rig: Rig) -> None:
    await rig.ask("a title, please", "local", replace(KNOWN, task="title_generation", message=""))

    answered = await rig.ask("a title, please", "frontier")

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_the_label_outlives_the_process_and_holds_no_text(rig: Rig) -> None:
    await rig.ask("between us", "local")

    rig.bookings()

    stored = b"".join(file.read_bytes() for file in rig.path.parent.glob("*.sqlite3*"))
    assert b"between us" not in stored


async def test_a_server_that_came_back_is_found_before_a_call_is_refused(rig: Rig) -> None:
    models, rig.ollama.models = rig.ollama.models, {}
    await rig.fleet.look()
    rig.ollama.models = models
    rig.ollama.script.next(Answer("Here again."))

    answered = await rig.ask("hello", "local")

    assert answered.text == "Here again."


async def test_a_guard_that_observes_blocks_nothing_but_says_that_it_would(make_rig: Any) -> None:
    rig = make_rig("privacy: {actions: {personal: block}}")
    rig.switches = replace(rig.switches, guard="observe")
    await rig.fleet.look()

    answered = await rig.ask("a FORBIDDEN word", "frontier")

    rig.bookings()
    assert answered.status.endswith("the guard only observes; it would have blocked this: legal matter (1)")


async def test_what_is_private_while_the_cloud_is_off_is_private_when_it_is_on_again(rig: Rig) -> None:
    rig.switches = replace(rig.switches, cloud=False)
    await rig.ask('<context><source id="1">x</source></context>between us', "frontier")
    rig.switches = replace(rig.switches, cloud=True)

    answered = await rig.ask("", "frontier", messages=later("between us", "and now?"))

    assert answered.status.endswith("attached document earlier in this chat, which you did not let go")
    assert rig.cloud.record.requests == []


async def test_a_memory_that_cannot_be_read_keeps_calls_local_and_the_chat_going(rig: Rig) -> None:
    rig.records.memory._connection.execute("DROP TABLE labels")

    answered = await rig.ask("hello", "frontier")

    assert PRIVATE in answered.status
    assert answered.text


async def test_a_guard_that_observes_keeps_secrets_in_pictures_too(rig: Rig) -> None:
    rig.switches = Switches(guard="observe")
    picture = {"type": "image_url", "image_url": {"url": url_of(written(["The SECRET word"], size=40))}}

    with pytest.raises(NoModel):
        await rig.ask("", "cloud", messages=[{"role": "user", "content": [picture]}])

    assert not rig.cloud.record.chats()


async def test_a_guard_that_observes_keeps_a_branch_with_a_secret(rig: Rig) -> None:
    await rig.ask("My SECRET", "cloud")
    rig.switches = Switches(guard="observe")

    answered = await rig.ask("", "cloud", messages=later("My SECRET", "Name a colour."))
    other = await rig.ask("", "cloud", messages=later("My PRIVATE", "Name a colour."))

    assert answered.usage["location"] == "local"
    assert other.usage["location"] == "cloud"


async def test_where_tools_are_named_only_those_get_real_values(make_rig: Any) -> None:
    rig = make_rig('privacy: {inside_tools: ["look_*"]}')
    await rig.fleet.look()
    calls = (ToolCall("look_up", {"who": "[EMAIL_1]"}), ToolCall("stock_of", {"who": "[EMAIL_1]"}))
    rig.cloud.script.next(Answer("", tool_calls=calls))

    answered = await rig.ask("Find PRIVATE", "gpt")
    rig.bookings()

    pieces = [one for event in answered.events if isinstance(event, Delta) for one in event.tool_calls]
    said = ["", ""]
    for one in pieces:
        said[one["index"]] += one["function"].get("arguments", "")
    assert said == ['{"who": "PRIVATE"}', '{"who": "[EMAIL_1]"}']
