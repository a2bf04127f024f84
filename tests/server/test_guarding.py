"""What the guard offers over HTTP, with the real detector: look before sending, consent, and who may see what."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from tests.server.process import SECRET, Running, person
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

MAIL = "jane.doe@corp.example"
FILE = '<context><source id="1" name="cv.pdf">Write to {mail}.</source></context>{question}'


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def admin() -> dict[str, str]:
    now = int(time.time())
    claims = {"sub": "boss", "role": "admin", "iss": "open-webui", "iat": now, "exp": now + 600}
    return {**person("boss"), "X-OpenWebUI-User-Jwt": jwt.encode(claims, SECRET, algorithm="HS256")}


def inspected(gateway: Running, text: str, headers: dict[str, str], model: str = "sluice.frontier") -> Any:
    body = {"model": model, "messages": said(text)}
    return gateway.post("/sluice/v1/inspect", json=body, headers=headers).json()


def consent(gateway: Running, judged: Any, headers: dict[str, str], choice: str = "masked") -> int:
    body = {"challenge": judged["challenge"], "choice": choice}
    return gateway.post("/sluice/v1/consent", json=body, headers=headers).status_code


def test_it_is_told_before_sending_what_would_happen_and_what_would_leave(gateway: Running) -> None:
    judged = inspected(gateway, f"Write to {MAIL}", person())

    assert (judged["action"], judged["target"], judged["counts"]) == ("mask", "picked", {"personal": 1})
    assert judged["preview"] == "Write to [EMAIL_1]"
    assert MAIL not in json.dumps(judged)
    assert inspected(gateway, f"Write to {MAIL}", person(), "sluice.auto")["action"] == "local"


def test_a_file_is_asked_about_once_and_then_leaves_masked(gateway: Running, shared_cloud: Cloud) -> None:
    headers = person()
    shared_cloud.script.always(Answer("It names [EMAIL_1]."))
    text = FILE.format(mail=MAIL, question="Who is it?")
    before = gateway.ask(text, "frontier", headers=headers).json()
    judged = inspected(gateway, text, headers)
    assert (judged["action"], [(ask["kind"], ask["name"]) for ask in judged["asks"]]) == (
        "ask",
        [("document", "cv.pdf")],
    )
    assert before["usage"]["location"] == "local"

    assert consent(gateway, judged, headers) == 200

    later = gateway.ask(FILE.format(mail=MAIL, question="And why?"), "frontier", headers=headers).json()
    assert later["usage"]["location"] == "cloud"
    assert later["choices"][0]["message"]["content"] == f"It names {MAIL}."
    assert MAIL not in shared_cloud.record.text()


def test_a_doubtful_message_is_shown_masked_before_it_may_leave(gateway: Running, shared_cloud: Cloud) -> None:
    headers = person()
    text = f"Write to {MAIL}, and close her second account, fen_backup there."
    judged = inspected(gateway, text, headers)
    assert (judged["action"], [ask["kind"] for ask in judged["asks"]]) == ("ask", ["message"])
    assert judged["preview"] == "Write to [EMAIL_1], and close her second account, [NAME_2] there."
    assert gateway.ask(text, "frontier", headers=headers).json()["usage"]["location"] == "local"

    assert consent(gateway, judged, headers) == 200

    assert gateway.ask(text, "frontier", headers=headers).json()["usage"]["location"] == "cloud"
    assert not any(told in shared_cloud.record.text() for told in (MAIL, "fen_backup"))


def test_a_doubtful_result_of_a_tool_is_what_is_shown(gateway: Running) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "newest_mail", "arguments": "{}"}}
    messages = [
        *said("Summarise my newest mail."),
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": f"From {MAIL}. The bell says OYELARAN."},
    ]

    body = {"model": "sluice.frontier", "messages": messages}
    judged = gateway.post("/sluice/v1/inspect", json=body, headers=person()).json()

    assert [ask["kind"] for ask in judged["asks"]] == ["tool"]
    assert judged["preview"] == "From [EMAIL_1]. The bell says [NAME_2]."


def test_of_a_long_message_the_doubtful_passage_is_shown(gateway: Running) -> None:
    filler = "The rent is due. " * 300
    text = f"{filler}Write to {MAIL}, who has fen_backup there. {filler}"

    judged = inspected(gateway, text, person())

    assert "Write to [EMAIL_1], who has [NAME_2] there." in judged["preview"]
    assert len(judged["preview"]) < 1000


def test_a_word_doubted_once_is_no_placeholder_wherever_else_it_stands(gateway: Running, shared_cloud: Cloud) -> None:
    headers = person()
    shared_cloud.script.always(Answer("Fine."))
    doubtful = "ms harcourt is my daughter's teacher and she hates poppy"
    consent(gateway, inspected(gateway, doubtful, headers), headers)
    gateway.ask(doubtful, "frontier", headers=headers)

    answer = gateway.ask("Draw a poppy field.", "frontier", headers=headers).json()

    assert answer["usage"]["location"] == "cloud"
    assert "Draw a poppy field." in shared_cloud.record.text()


def test_the_preview_of_a_file_is_the_file_and_not_the_words_around_it(gateway: Running) -> None:
    judged = inspected(gateway, FILE.format(mail=MAIL, question="Who is it?"), person())

    assert judged["preview"] == "Write to [EMAIL_1]."


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("Who is it? @local", {}, id="by a wish"),
        pytest.param("Who is it?", {"lane": "local"}, id="by the lane of a chip"),
        pytest.param("Who is it?", {"preference": "private"}, id="by a preference"),
        pytest.param("Who is it?", {"strict": True}, id="by being strict"),
    ],
)
def test_who_chose_to_stay_local_is_not_asked(gateway: Running, text: str, intent: dict[str, Any]) -> None:
    body = {"model": "sluice.frontier", "messages": said(FILE.format(mail="nobody", question=text)), "sluice": intent}

    judged = gateway.post("/sluice/v1/inspect", json=body, headers=person()).json()

    assert (judged["action"], judged["asks"], "challenge" in judged) == ("local", [], False)


@pytest.mark.parametrize(
    ("valves", "action"),
    [
        pytest.param({"cloud": False}, "local", id="cloud off"),
        pytest.param({"guard": "observe"}, "allow", id="observe"),
    ],
)
def test_nobody_is_asked_where_a_valve_decides(
    make_gateway: Callable[..., Running], valves: dict[str, Any], action: str
) -> None:
    gateway = make_gateway().start()
    gateway.post("/sluice/valves/update", json=valves).raise_for_status()

    judged = inspected(gateway, FILE.format(mail=MAIL, question="Who?"), person())

    assert (judged["action"], judged["asks"], "challenge" in judged) == (action, [], False)
    assert judged["counts"] == {"personal": 1, "document": 1}


def test_who_keeps_a_file_local_is_not_asked_again(gateway: Running) -> None:
    headers, text = person(), FILE.format(mail="nobody", question="Who is it?")
    judged = inspected(gateway, text, headers)

    consent(gateway, judged, headers, "local")

    again = inspected(gateway, text, headers)
    assert (again["action"], again["asks"]) == ("local", [])


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(person("u-2"), id="somebody else"),
        pytest.param(person(), id="another chat"),
        pytest.param({}, id="nobody"),
    ],
)
def test_a_consent_holds_only_for_whom_and_where_it_was_asked(gateway: Running, headers: dict[str, str]) -> None:
    judged = inspected(gateway, FILE.format(mail="nobody", question="Who?"), person())

    assert consent(gateway, judged, headers) == 403


def test_a_forged_challenge_is_no_consent(gateway: Running) -> None:
    headers = person()
    claims = {
        "sub": "u-1",
        "chat": headers["X-Sluice-Chat"],
        "lane": "frontier",
        "asks": ["x"],
        "exp": time.time() + 60,
    }
    forged = {"challenge": jwt.encode(claims, SECRET, algorithm="HS256")}

    assert consent(gateway, forged, headers) == 403


def test_what_was_masked_is_shown_to_its_owner_and_nobody_else(gateway: Running) -> None:
    headers = person()
    gateway.ask(f"Write to {MAIL}", "frontier", headers=headers)
    other = {**person("u-2"), "X-Sluice-Chat": headers["X-Sluice-Chat"]}

    mine = gateway.get("/sluice/v1/masked", headers=headers).json()["masked"]

    assert [(one["placeholder"], one["class"], one["value"]) for one in mine] == [("[EMAIL_1]", "personal", MAIL)]
    assert gateway.get("/sluice/v1/masked", headers=other).json() == {"masked": []}
    assert gateway.get("/sluice/v1/masked").status_code == 403


def test_a_call_to_another_cloud_can_be_masked_here(gateway: Running) -> None:
    headers = person()
    body = {"messages": [{"role": "system", "content": "Be kind."}, *said(f"Write to {MAIL}")]}

    masked = gateway.post("/sluice/v1/mask", json=body, headers=headers).json()
    kept = gateway.post("/sluice/v1/mask", json={"messages": said("password=hunter2swordfish")}, headers=headers).json()

    assert masked["action"] == "mask"
    assert masked["messages"][-1]["content"] == "Write to [EMAIL_1]"
    assert {"placeholder": "[EMAIL_1]", "value": MAIL} in masked["masked"]
    assert (kept["action"], "messages" in kept) == ("local", False)


def test_a_wrong_alarm_is_reported_by_anybody_and_allowed_by_an_admin(gateway: Running) -> None:
    text = "Ask for help at desk-of-nobody@corp.example"
    assert inspected(gateway, text, person())["action"] == "mask"

    assert gateway.post("/sluice/v1/alarms", json={"messages": said(text)}, headers=person()).json() == {"reported": 1}
    assert gateway.get("/sluice/v1/alarms", headers=person()).status_code == 403
    (alarm,) = gateway.get("/sluice/v1/alarms", headers=admin()).json()["alarms"]
    answered = gateway.post(f"/sluice/v1/alarms/{alarm['mark']}", json={"state": "allowed"}, headers=admin())

    assert answered.status_code == 200
    assert inspected(gateway, text, person())["action"] == "allow"


def test_the_findings_of_a_chat_are_told_to_who_sent_it_each_once_and_without_secrets(gateway: Running) -> None:
    messages = said(f"{MAIL} or {MAIL}, password=hunter2swordfish")

    found = gateway.post("/sluice/v1/findings", json={"messages": messages}, headers=person()).json()["findings"]

    assert [(one["type"], one["class"], one["value"]) for one in found] == [("EMAIL_ADDRESS", "personal", MAIL)]
    assert gateway.post("/sluice/v1/findings", json={"messages": messages}).status_code == 403


def test_only_the_findings_that_a_person_picked_are_reported(gateway: Running) -> None:
    messages = said("one.of.two@corp.example and two.of.two@corp.example")
    found = gateway.post("/sluice/v1/findings", json={"messages": messages}, headers=person()).json()["findings"]
    body = {"messages": messages, "marks": [found[1]["mark"]]}

    assert gateway.post("/sluice/v1/alarms", json=body, headers=person()).json() == {"reported": 1}

    alarms = gateway.get("/sluice/v1/alarms", headers=admin()).json()["alarms"]
    marks = {alarm["mark"] for alarm in alarms}
    assert found[1]["mark"] in marks
    assert found[0]["mark"] not in marks


def test_consents_and_calls_masked_for_other_clouds_are_in_the_audit_log(gateway: Running) -> None:
    headers = person("u-audit")
    consent(gateway, inspected(gateway, FILE.format(mail=MAIL, question="Who?"), headers), headers)
    gateway.post("/sluice/v1/mask", json={"model": "gpt-5", "messages": said(f"To {MAIL}")}, headers=headers)

    lines = gateway.get("/sluice/v1/audit", headers=admin()).text.splitlines()

    mine = [line for line in map(json.loads, lines) if line["user"] == "u-audit"]
    assert [(line["event"], line["lane"], line["action"], line["model"]) for line in mine] == [
        ("consent", "frontier", "masked", ""),
        ("call", "direct", "mask", "gpt-5"),
    ]


def test_the_audit_log_is_for_admins_and_holds_no_text(gateway: Running) -> None:
    gateway.ask(f"Write to {MAIL}", "frontier")

    log = gateway.get("/sluice/v1/audit", headers=admin())

    assert "mask" in {json.loads(line)["action"] for line in log.text.splitlines()}
    assert MAIL not in log.text
    assert gateway.get("/sluice/v1/audit", headers=person()).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/sluice/v1/consent", {}, 400),
        ("/sluice/v1/consent", {"challenge": 5, "choice": "masked"}, 403),
        ("/sluice/v1/mask", [], 400),
        ("/sluice/v1/alarms", [], 400),
        ("/sluice/v1/alarms/none", {"state": "allowed"}, 400),
        ("/sluice/v1/alarms/none", {"state": "gone"}, 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(gateway: Running, path: str, body: Any, status: int) -> None:
    answer = gateway.post(path, json=body, headers=admin())

    assert answer.status_code == status
    assert answer.json()["error"]["message"]
