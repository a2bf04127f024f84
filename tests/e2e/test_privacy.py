"""What is private stays on this machine, whatever path it takes through Open WebUI."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.e2e.browser import Chat, screenshot
from tests.e2e.stack import eventually
from tests.e2e.webui import Account, Tasks
from tests.standins.cloud import Cloud

ADDRESS = "ottilie.brandauer@contoso-clinic.example"
NOTE = """Minutes of the supervisory board, not for the public.
The codename of the merger is Kingfisher. Contact: ottilie.brandauer@contoso-clinic.example.
The price agreed on is 41 million euros, and the closing is on the third of March.
"""


def test_a_chat_with_an_address_stays_local_in_auto_with_its_title_tags_and_follow_ups(
    chat: Chat, cloud: Cloud, tasks: Tasks
) -> None:
    tasks.switch(True)
    chat.open("auto")

    answer = chat.ask(f"Write one sentence to {ADDRESS}.")
    chat.rest(seconds=240)
    screenshot(chat.page, "address-stays-local")

    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_what_was_private_stays_private_in_later_turns(chat: Chat, cloud: Cloud) -> None:
    chat.open("deep-analysis").ask("Remember that the password is Wermut!47Distel.")

    answer = chat.ask("Name a colour.")

    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_a_chat_begun_in_private_stays_local_when_the_preset_is_changed(chat: Chat, cloud: Cloud) -> None:
    chat.open("private").ask("Name a colour.")

    answer = chat.pick("Deep Analysis").ask("Name another one.")
    screenshot(chat.page, "begun-in-private")

    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_an_attached_file_is_retrieved_from_and_does_not_reach_the_cloud(
    chat: Chat, cloud: Cloud, tmp_path: Path, person: Account, tasks: Tasks
) -> None:
    tasks.switch(True)
    file = tmp_path / "minutes.txt"
    file.write_text(NOTE)
    attached = chat.open("auto").attach(file)
    status = f"/api/v1/files/{attached}/process/status"
    eventually(lambda: person.get(status)["status"] == "completed", "the file is read in", 120)

    answer = chat.ask("What is the codename of the merger?", seconds=180)
    chat.rest(seconds=240)
    screenshot(chat.page, "file-stays-local")

    assert "Local" in answer.status
    assert person.answers(chat.id)[-1]["sources"], "the file was not read"
    assert "Kingfisher" not in cloud.record.text()
    assert not cloud.record.chats()


def test_the_cloud_is_not_told_who_asks_nor_in_which_chat(chat: Chat, cloud: Cloud, person: Account) -> None:
    chat.open("deep-analysis").ask("Name a colour.")
    message = person.answers(chat.id)[-1]["id"]

    received = cloud.record.text()
    assert "Name a colour." in received
    for mark in (*person.is_told_apart_by, chat.id, message, "X-Sluice", "x-openwebui", "sluice"):
        assert mark.lower() not in received.lower()


def test_a_call_around_the_chat_page_is_guarded_too(person: Account, cloud: Cloud) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    body = {
        "model": "sluice.frontier",
        "messages": [{"role": "user", "content": f"Mail {ADDRESS}"}],
        "max_tokens": 8,
        "stream": False,
        "sluice": {"lane": "cloud"},
    }
    url = f"{person.url}/openai/chat/completions"

    answer = httpx.post(url, headers=headers, json=body, timeout=120)

    assert answer.status_code == 200, answer.text
    assert len(cloud.record.chats()) == 1
    assert ADDRESS not in cloud.record.text()
