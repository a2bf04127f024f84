"""A conversation through the gateway: it stays, escalates, returns, and says so in the person's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sluice.chat import read_call
from sluice.errors import TooLong
from sluice.gateway.conversations import Conversations
from sluice.routing import complexity

from tests.gateway.conftest import KNOWN, Answered, Rig

GREETING = "What does a sluice gate do?"
HARD = "Prove that there are infinitely many primes, step by step, and analyse why the argument needs a product."


def said(*texts: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


async def asked(rig: Rig, *texts: str, message: str, **more: Any) -> Answered:
    return await rig.ask("", caller=replace(KNOWN, message=message), messages=said(*texts), **more)


def place(answered: Answered) -> tuple[str, str]:
    return answered.usage["location"], answered.usage["model"]


async def test_the_same_question_for_another_answer_is_asked_of_a_stronger_model(rig: Rig) -> None:
    first = await asked(rig, GREETING, message="m-1")
    again = await asked(rig, GREETING, message="m-2")
    once_more = await asked(rig, GREETING, message="m-3")

    assert place(first) == ("local", "qwen3:8b")
    assert place(again) == ("cloud", "gpt-4.1")
    assert "a stronger model, since you asked once more" in again.status
    assert place(once_more) == ("cloud", "claude-sonnet-5-5")


async def test_a_complaint_is_answered_by_a_stronger_model_and_what_follows_stays_there(rig: Rig) -> None:
    talk = [GREETING, "It holds water."]
    await asked(rig, GREETING, message="m-1")

    complained = await asked(rig, *talk, "That's wrong, try again.", message="m-2")
    followed = await asked(rig, *talk, "That's wrong, try again.", "It lets water pass.", "And why?", message="m-3")

    assert place(complained)[0] == place(followed)[0] == "cloud"
    assert "a follow-up stays with the model that answered" in followed.usage["reasons"]


async def test_the_next_question_about_something_else_is_answered_here_again(rig: Rig) -> None:
    assert complexity(HARD) >= 0.8
    await asked(rig, HARD, message="m-1")

    other = await asked(rig, HARD, "Assume there were finitely many.", "What should we cook tonight?", message="m-2")

    assert place(other)[0] == "local"
    assert "another subject, which this machine can answer" in other.usage["reasons"]


async def test_another_person_and_another_chat_start_afresh(rig: Rig) -> None:
    await asked(rig, GREETING, message="m-1")

    for caller in (replace(KNOWN, user="u-2", message="m-2"), replace(KNOWN, chat="c-2", message="m-2")):
        assert place(await rig.ask(GREETING, caller=caller))[0] == "local"


async def test_what_is_private_is_not_escalated_off_the_machine(rig: Rig) -> None:
    await asked(rig, f"SECRET {GREETING}", message="m-1")

    again = await asked(rig, f"SECRET {GREETING}", message="m-2")

    assert place(again)[0] == "local"
    assert rig.cloud.record.chats() == []


@pytest.mark.parametrize(
    ("language", "status"),
    [
        ("de-DE", "Lokal · qwen3:8b · lokal behalten: ein Schlüssel oder Passwort (1)"),
        ("fr", "Local · qwen3:8b · gardé en local : une clé ou un mot de passe (1)"),
        ("es", "Local · qwen3:8b · se queda en local: una clave o contraseña (1)"),
        ("zh-CN", "本地 · qwen3:8b · 保留在本地:密钥或密码(1)"),
        ("xx", "Local · qwen3:8b · kept local: a key or password (1)"),
    ],
)
async def test_the_line_is_in_the_persons_language(rig: Rig, language: str, status: str) -> None:
    answered = await rig.ask("SECRET", sluice={"language": language})

    assert answered.status == status
    assert answered.usage["reasons"][0] in status


async def test_a_rule_of_the_file_decides_and_is_named(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("")
    rules = "rules: [{name: letters, when: {kind: writing}, use: sonnet}], "
    rig.path.write_text(rig.path.read_text().replace("routing: {", "routing: {" + rules))
    assert rig.live.reload()
    await rig.fleet.look()

    usage = (await rig.ask("Write a letter to the harbour master.")).usage

    assert (usage["model"], usage["reasons"][0]) == ("claude-sonnet-5-5", "the rule “letters” says sonnet")
    rig.bookings()


async def test_a_cheaper_cloud_model_of_the_same_role_comes_first(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("prices: {gpt: {input_per_million: 90, output_per_million: 90}}")
    rig.path.write_text(rig.path.read_text().replace("roles: [frontier]", "roles: [cloud]"))
    assert rig.live.reload()
    await rig.fleet.look()

    assert place(await rig.ask(f"@cloud {GREETING}")) == ("cloud", "claude-sonnet-5-5")
    rig.bookings()


async def test_memory_of_conversations_is_bounded(rig: Rig) -> None:
    conversations = Conversations(most=2)
    callers = [replace(KNOWN, chat=f"c-{number}") for number in range(3)]
    call = read_call({"model": "sluice.auto", "messages": said(GREETING)})

    for caller in callers:
        plan = await rig.gateway.plan(call, caller)
        conversations.answered(plan, plan.chain[0][1])

    assert conversations.previous(callers[0], "auto") is None
    assert conversations.previous(callers[2], "auto") is not None


CODE = "Fix this function: def settle(x): return x.margin * 17"
CODE_STAYS = "[{name: code stays, when: {kind: code}, use: local}]"


@pytest.mark.parametrize("next_question", ["Thanks. " + HARD, "That is wrong.", "@cloud Why?"])
async def test_what_a_rule_kept_for_what_it_is_about_does_not_leave_with_the_next_message(
    make_rig: Callable[..., Rig], next_question: str
) -> None:
    rig = make_rig(rules=CODE_STAYS)
    await rig.fleet.look()
    first = await asked(rig, CODE, message="m-1")

    after = await asked(rig, CODE, first.text, next_question, message="m-2")
    elsewhere = await rig.ask(HARD, caller=replace(KNOWN, chat="c-2"))

    assert place(first)[0] == place(after)[0] == "local"
    assert place(elsewhere)[0] == "cloud"
    assert len(rig.cloud.record.chats()) == 1


async def test_what_a_rule_kept_stays_even_where_nobody_could_answer_it(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(rules=CODE_STAYS)
    await rig.fleet.look()
    code = CODE + "\n    x += 1" * 20_000

    first = await rig.read("", messages=said(code))
    after = await rig.read("", messages=said(code, "It is long.", HARD), caller=replace(KNOWN, message="m-2"))

    assert isinstance(first.error, TooLong)
    assert isinstance(after.error, TooLong)
    assert rig.cloud.record.chats() == []


async def test_two_presets_side_by_side_are_both_answered_here(rig: Rig) -> None:
    first = await rig.ask(GREETING, caller=replace(KNOWN, message="m-1", preset="auto"))
    beside = await rig.ask(GREETING, caller=replace(KNOWN, message="m-2", preset="team-helper"))

    assert place(first)[0] == place(beside)[0] == "local"


async def test_a_dry_run_leaves_nothing_in_the_vault_of_the_chat(rig: Rig) -> None:
    call = read_call({"model": "sluice.cloud", "messages": said("Write to PRIVATE, please.")})

    plan = await rig.gateway.plan(call, KNOWN)

    assert plan.decision.transform == "mask"
    assert plan.leaving is not None
    assert rig.vault.entries("u-1", "c-1") == ()
