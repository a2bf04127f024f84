"""What was private stays private: the caller's own name, and chats that used the lane that never leaves."""

from dataclasses import replace

import pytest

from tests.gateway.conftest import KNOWN, Rig
from tests.standins.script import Answer

NAMED = replace(KNOWN, name="Ilse Marten", email="ilse@marten.example")


@pytest.mark.parametrize(
    "text",
    ["ilse marten: what do you think?", "Reply to Ilse@Marten.example please"],
    ids=["name", "address"],
)
async def test_the_name_and_address_of_the_caller_do_not_leave(rig: Rig, text: str) -> None:
    answered = await rig.ask(text, "frontier", NAMED)

    assert answered.status == "Local · qwen3:8b · kept local: your own name or address"
    assert rig.cloud.record.requests == []


async def test_a_first_name_alone_keeps_nobody_from_the_cloud(rig: Rig) -> None:
    answered = await rig.ask("Why is ilse short for Elisabeth?", "frontier", replace(NAMED, name="Ilse"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_a_chat_that_was_private_stays_local_on_a_cloud_lane(rig: Rig) -> None:
    await rig.ask("between us", "local")

    answered = await rig.ask("and now?", "frontier")

    assert "this chat holds messages that were private" in answered.status
    assert rig.cloud.record.requests == []


async def test_another_chat_of_the_same_person_is_free_to_leave(rig: Rig) -> None:
    await rig.ask("between us", "local")

    answered = await rig.ask("hello", "frontier", replace(KNOWN, chat="c-2"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_the_same_chat_id_of_another_person_is_another_chat(rig: Rig) -> None:
    await rig.ask("between us", "local")

    answered = await rig.ask("hello", "frontier", replace(KNOWN, user="u-2"))

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_background_tasks_on_the_local_lane_make_no_chat_private(rig: Rig) -> None:
    await rig.ask("a title, please", "local", replace(KNOWN, task="title_generation", message=""))

    answered = await rig.ask("hello", "frontier")

    assert answered.status == "Cloud · claude-sonnet-5-5"


async def test_a_server_that_came_back_is_found_before_a_call_is_refused(rig: Rig) -> None:
    models, rig.ollama.models = rig.ollama.models, {}
    await rig.fleet.look()
    rig.ollama.models = models
    rig.ollama.script.next(Answer("Here again."))

    answered = await rig.ask("hello", "local")

    assert answered.text == "Here again."
