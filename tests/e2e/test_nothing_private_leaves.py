"""A cloud that keeps every byte it gets finds nothing private in it, and people read the real values."""

from __future__ import annotations

import base64
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sluice.media.ocr import Reader

from tests.e2e.browser import Chat, Dialog, screenshot, wait_for_text
from tests.e2e.private_matter import (
    DETAILS,
    IBAN,
    KEY,
    MAIL,
    NAME,
    OTHER_MAIL,
    OTHER_NAME,
    PASSWORD,
    PHONE,
    found_in,
)
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account, Tasks, tool_for_everybody
from tests.media.pictures import written
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, ToolCall, echo

CUSTOMERS = f'''"""
title: Customers
description: Looks customers up
"""


class Tools:
    def customer_named(self, name: str) -> str:
        """
        Tell what is known of a customer.

        :param name: full name of the customer
        """
        if name != "{NAME}":
            return "nobody of this name"
        return "name: {NAME}, mail: {MAIL}, telephone: {PHONE}, account: {IBAN}"
'''
CLOUD_PRESET = "deep-analysis"


@pytest.fixture(autouse=True)
def _nothing_private_in_the_record(cloud: Cloud) -> Iterator[None]:
    """Looks through everything that the cloud received in a test."""
    cloud.script.always(echo)
    yield
    assert found_in(cloud.record.text()) == []


@pytest.fixture
def long_answers(person: Account) -> Iterator[None]:
    """Answers that echo a whole message are not cut."""
    person.prefer(params={"max_tokens": 200, "temperature": 0})
    yield
    person.prefer()


def _sent(cloud: Cloud) -> list[str]:
    """The last message of each call, as the cloud read it."""
    return [json.dumps(call.json["messages"][-1], ensure_ascii=False) for call in cloud.record.chats()]


@pytest.mark.usefixtures("long_answers")
def test_details_of_a_person_leave_masked_and_are_read_in_the_answer(chat: Chat, cloud: Cloud, tasks: Tasks) -> None:
    tasks.switch(True)
    chat.open(CLOUD_PRESET)

    answer = chat.ask(f"Write an invitation to {DETAILS}.")
    chat.rest(seconds=240)
    screenshot(chat.page, "masked-and-restored")

    assert "Cloud" in answer.status
    assert "masked" in answer.status
    assert {value for value in (NAME, MAIL, PHONE, IBAN) if value in answer.text} == {NAME, MAIL, PHONE, IBAN}
    assert len(cloud.record.chats()) == 1
    assert "[PERSON_1]" in _sent(cloud)[0]


@pytest.mark.parametrize("text", [f"Why is {KEY} refused?", f"Log in as admin, the password is {PASSWORD}."])
def test_secrets_stay_on_this_machine(chat: Chat, cloud: Cloud, text: str) -> None:
    answer = chat.open(CLOUD_PRESET).ask(text)
    screenshot(chat.page, "secret-stays-local")

    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_a_local_chat_taken_to_the_cloud_is_masked_from_its_beginning(chat: Chat, cloud: Cloud) -> None:
    chat.open("everyday").ask(f"Note that {NAME} called, {PHONE}.")

    answer = chat.pick("Deep Analysis").ask("Whom should I call back?")
    screenshot(chat.page, "switched-with-a-name")

    assert "Cloud" in answer.status
    assert len(cloud.record.chats()) == 1


def test_a_local_chat_with_nothing_private_is_taken_to_the_cloud_as_it_is(chat: Chat, cloud: Cloud) -> None:
    chat.open("everyday").ask("Name a colour.")

    answer = chat.pick("Deep Analysis").ask("And now a number.")

    assert "Cloud" in answer.status
    assert "masked" not in answer.status
    assert "Name a colour." in json.dumps(cloud.record.chats()[0].json)


def test_a_local_chat_with_a_key_in_it_stays_local(chat: Chat, cloud: Cloud) -> None:
    chat.open("everyday").ask(f"Is this a valid key? {KEY}")

    answer = chat.pick("Deep Analysis").ask("Name a colour.")
    screenshot(chat.page, "switched-with-a-key")

    assert "Local" in answer.status
    assert not cloud.record.chats()


@pytest.mark.usefixtures("long_answers")
def test_an_answer_made_again_and_a_message_edited_send_the_same_placeholders(chat: Chat, cloud: Cloud) -> None:
    chat.open(CLOUD_PRESET).ask(f"Greet {NAME}, {MAIL}.")
    chat.press("Regenerate")
    chat.page.get_by_role("button", name="Try Again").or_(
        chat.page.get_by_role("menuitem", name="Try Again")
    ).first.click()
    eventually(lambda: len(cloud.record.chats()) == 2, "the answer is made again")
    again = chat.read()

    chat.edit(f"Greet {NAME}, {MAIL}, and {OTHER_NAME}, {OTHER_MAIL}.")
    wait_for_text(chat.answers.last, OTHER_NAME)
    edited = chat.read()

    first, second, third = _sent(cloud)
    assert first == second
    assert re.findall(r"\[PERSON_\d+\]", third)[0] == re.findall(r"\[PERSON_\d+\]", first)[0]
    assert NAME in again.text
    assert OTHER_MAIL in edited.text


def test_twenty_turns_name_everybody_by_one_placeholder(chat: Chat, cloud: Cloud) -> None:
    chat.open(CLOUD_PRESET).ask(f"I meet {NAME} ({MAIL}) and {OTHER_NAME} ({OTHER_MAIL}).")

    answers = [chat.ask(f"Turn {turn}: greet {NAME if turn % 2 else OTHER_NAME}.") for turn in range(2, 21)]

    people: dict[str, set[str]] = {NAME: set(), OTHER_NAME: set()}
    for turn, said in enumerate(_sent(cloud)[1:], start=2):
        people[NAME if turn % 2 else OTHER_NAME] |= set(re.findall(r"\[PERSON_\w+\]", said))
    assert [len(placeholders) for placeholders in people.values()] == [1, 1]
    assert people[NAME] != people[OTHER_NAME]
    assert NAME in answers[-2].text
    assert OTHER_NAME in answers[-1].text


@pytest.fixture
def customers(admin: Account) -> Iterator[str]:
    with tool_for_everybody(admin, "customers", CUSTOMERS) as tool:
        yield tool


def test_a_tool_gets_the_real_name_and_its_result_goes_back_masked(
    admin_chat: Chat, cloud: Cloud, customers: str
) -> None:
    cloud.script.next(_call_the_tool, Answer("Write to [EMAIL_2] or call."))
    admin_chat.open(CLOUD_PRESET, tools=customers)

    answer = admin_chat.ask(f"What do we know of our customer {NAME}?")
    screenshot(admin_chat.page, "tool-on-real-values")

    _, second = cloud.record.chats()
    results = [message for message in second.json["messages"] if "account" in json.dumps(message)]
    assert results, "the tool found nobody of this name"
    assert MAIL in answer.text


def _call_the_tool(body: Any) -> Answer:
    placeholder = re.findall(r"\[PERSON_\w+\]", json.dumps(body["messages"][-1]))[0]
    return Answer(tool_calls=(ToolCall("customer_named", {"name": placeholder}, "call_1"),))


@pytest.fixture
def own_system_prompt(person: Account) -> Iterator[None]:
    person.prefer(system=f"You work for {NAME}. Her address is {MAIL}, her telephone {PHONE}.")
    yield
    person.prefer(system="")


@pytest.mark.usefixtures("own_system_prompt")
def test_a_system_prompt_of_a_person_leaves_masked(chat: Chat, cloud: Cloud) -> None:
    answer = chat.open(CLOUD_PRESET).ask("Name a colour.")

    assert "Cloud" in answer.status
    assert "[EMAIL_" in json.dumps(cloud.record.chats()[0].json)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file with a person's details in it."""
    file = tmp_path / "appointment.txt"
    file.write_text(f"Appointments of the week.\nThe appointment is confirmed for {DETAILS}.\nThe room is 214.\n")
    return file


@pytest.mark.usefixtures("plain_retrieval")
def test_an_attached_file_that_the_person_lets_go_leaves_masked(
    chat: Chat, cloud: Cloud, person: Account, letter: Path
) -> None:
    cloud.script.next(Answer("It is the appointment of [PERSON_1]."))
    _attach(chat.open(CLOUD_PRESET), person, letter)
    chat.say("Whose appointment is confirmed?")
    dialog = Dialog(chat.page)
    dialog.wait()
    screenshot(chat.page, "preview-of-a-file")
    previewed = dialog.box.inner_text()
    dialog.answer("masked")

    answer = chat.read()
    screenshot(chat.page, "file-left-masked")

    assert found_in(previewed) == []
    assert "Cloud" in answer.status
    assert NAME in answer.text
    assert "The room is 214." in cloud.record.text()


def _attach(chat: Chat, person: Account, file: Path) -> None:
    status = f"/api/v1/files/{chat.attach(file)}/process/status"
    eventually(lambda: person.get(status)["status"] == "completed", "the file is read in", 120)


def test_a_picture_that_the_person_lets_go_leaves_with_what_is_private_covered(
    chat: Chat, cloud: Cloud, tmp_path: Path
) -> None:
    cloud.script.always(Answer("A card."))
    picture = tmp_path / "card.png"
    written(["Room 214, second floor", f"Mail {MAIL}", f"IBAN {IBAN}"], size=28).save(picture)
    chat.open(CLOUD_PRESET).attach(picture)
    chat.say("What does this card say?")
    dialog = Dialog(chat.page)
    dialog.wait()
    dialog.answer("masked")

    answer = chat.read(seconds=180)
    screenshot(chat.page, "picture-left-covered")
    (sent,) = _pictures_in(cloud)
    read = " ".join(line.text for line in Reader().lines(sent))

    assert "Cloud" in answer.status
    assert "214" in read
    assert found_in(read) == []


def _pictures_in(cloud: Cloud) -> list[Image.Image]:
    """The pictures in all calls, as a provider gets them."""
    calls = json.dumps([call.json for call in cloud.record.chats()])
    sources = re.findall(r'"media_type": "image/\w+", "data": "([^"]+)"', calls)
    return [Image.open(io.BytesIO(base64.b64decode(source))) for source in sources]


@pytest.fixture
def knowledge(admin: Account, letter: Path) -> Iterator[Callable[[str], str]]:
    """Makes collections that everybody may read, with the letter in each."""
    made: list[str] = []

    def make(name: str) -> str:
        everybody = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]
        form = {"name": name, "description": name, "access_grants": everybody}
        id = str(admin.post("/api/v1/knowledge/create", form)["id"])
        made.append(id)
        file = admin.upload(letter)
        eventually(lambda: admin.get(f"/api/v1/files/{file}/process/status")["status"] == "completed", "read in", 120)
        admin.post(f"/api/v1/knowledge/{id}/file/add", {"file_id": file})
        return id

    yield make
    for id in made:
        admin.delete(f"/api/v1/knowledge/{id}/delete")


def _ask_of(person: Account, collection: str, name: str) -> str:
    files = [{"type": "collection", "id": collection, "name": name}]
    return _complete(person, "Whose appointment is confirmed?", files=files)


def _leaves(person: Account, cloud: Cloud, collection: str) -> bool:
    _ask_of(person, collection, "Public notices")
    return bool(cloud.record.chats())


@pytest.mark.usefixtures("plain_retrieval")
def test_knowledge_stays_unless_its_collection_is_public_and_leaves_masked_then(
    person: Account, cloud: Cloud, stack: Stack, knowledge: Callable[[str], str]
) -> None:
    own, public = knowledge("Appointments"), knowledge("Public notices")
    before = stack.policy.read_text()
    stack.policy.write_text(before.replace("public_sources: []", 'public_sources: ["Public notices"]'))

    kept = _ask_of(person, own, "Appointments")
    calls_for_the_own = len(cloud.record.chats())
    eventually(lambda: _leaves(person, cloud, public), "the changed policy is in force", 60)
    stack.policy.write_text(before)

    assert kept
    assert not calls_for_the_own
    assert "The room is 214." in cloud.record.text()


def test_two_people_at_once_do_not_share_what_was_masked(admin: Account, person: Account, cloud: Cloud) -> None:
    def converse(account: Account, name: str, mail: str) -> list[str]:
        return [_complete(account, f"{turn}: greet {name}, {mail}.") for turn in range(4)]

    with ThreadPoolExecutor(2) as both:
        first = both.submit(converse, admin, NAME, MAIL)
        second = both.submit(converse, person, OTHER_NAME, OTHER_MAIL)

    assert all(NAME in text and OTHER_NAME not in text for text in first.result())
    assert all(OTHER_NAME in text and NAME not in text for text in second.result())
    assert len(cloud.record.chats()) == 8


def _complete(account: Account, text: str, **more: Any) -> str:
    """One call as a program makes it, through the whole of Open WebUI."""
    body = {"model": CLOUD_PRESET, "messages": [{"role": "user", "content": text}], "stream": False, **more}
    return str(account.post("/api/chat/completions", body)["choices"][0]["message"]["content"])


def test_the_audit_log_of_all_this_verifies_and_one_changed_byte_is_detected(stack: Stack, tmp_path: Path) -> None:
    sound = stack.sluice("audit", "verify")
    copy = tmp_path / "audit.sqlite3"
    with closing(sqlite3.connect(stack.data / "audit.sqlite3")) as log, closing(sqlite3.connect(copy)) as target:
        log.backup(target)
    changed = bytearray(copy.read_bytes())
    place = changed.index(b'"action":"mask"') + len(b'"action":"')
    changed[place] ^= 1
    copy.write_bytes(changed)

    wrong = stack.sluice("audit", "verify", "--file", str(copy), check=False)

    assert sound.returncode == 0, sound.stdout
    assert wrong.returncode == 1, wrong.stdout
