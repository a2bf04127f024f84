"""The line before sending and the question about files: what is said, what is asked, and who decides without them."""

from __future__ import annotations

import asyncio
import html
from typing import Any, get_args

import pytest
from sluice.config.schema import Action

from tests.functions.conftest import Asked, Screen, Window, model, request, said, speaking
from tests.functions.loader import load

FOUND = {
    "action": "local",
    "target": "picked",
    "counts": {"financial": 1, "personal": 2},
    "weak": {"personal": 1},
    "asks": [],
}
ASKS = {
    "action": "ask",
    "target": "picked",
    "counts": {"document": 1},
    "weak": {},
    "asks": [{"id": "a-1", "kind": "document", "name": "cv <1>.pdf"}],
    "preview": "Write to [EMAIL_1] <b>now</b>.\n\n# Really",
    "challenge": "signed",
}
LANGUAGES = ("en", "de", "fr", "es", "zh")
pytestmark = pytest.mark.usefixtures("connections")


@pytest.fixture(autouse=True)
def says(gateway: Asked) -> dict[str, Any]:
    gateway.says |= {"inspect": FOUND, "consent": {"status": "remembered"}}
    return gateway.says


class Person:
    """Somebody with a chat open, and the function as Open WebUI holds it: one for everybody."""

    def __init__(self, id: str = "u-1", language: str = "en", window: Window | None = None, **valves: str) -> None:
        self.screen = Screen()
        self.window = window
        self._user = {"id": id, "role": "user"}
        self._valves = valves
        self._language = language

    async def send(
        self,
        body: dict[str, Any],
        guard: Any = None,
        base: str = "sluice.frontier",
        asked: Any = None,
        message: str = "m-1",
    ) -> dict[str, Any]:
        guard = guard or load("pii_guard")[0]
        valves = guard.UserValves(**self._valves)
        rows = [model("auto", base), model(base)]
        result: dict[str, Any] = await guard.request(
            body,
            __user__={**self._user, "valves": valves},
            __model__=rows[0],
            __metadata__=speaking(self._language, f"chat of {self._user['id']}", message),
            __request__=asked or request(*rows, OPENAI_MODELS={base: {"urlIdx": 1}}),
            __event_emitter__=self.screen,
            __event_call__=self.window,
        )
        return result


async def test_findings_are_counted_by_class_and_the_body_is_untouched(gateway: Asked) -> None:
    person, body = Person(), said("write to jane@example.org")

    assert await person.send(body) == said("write to jane@example.org")

    assert person.screen.lines == ["Found: 2 × personal, 1 × financial · stays on this machine"]
    assert gateway.sent("inspect") == {"messages": body["messages"], "model": "sluice.frontier"}


async def test_the_gateway_is_asked_with_the_headers_of_the_chat_itself(gateway: Asked) -> None:
    await Person().send(said("x"))

    ((_, headers, _),) = gateway.calls
    assert headers["authorization"] == "Bearer gateway key"
    assert headers["x-sluice-chat"] == "chat of u-1"
    assert headers["x-openwebui-user-jwt"]


@pytest.mark.parametrize(
    ("language", "verdict", "line"),
    [
        ("de", {"action": "local"}, "Gefunden: 2 × persönlich, 1 × finanziell · bleibt auf diesem Rechner"),
        ("fr", {"action": "block"}, "Trouvé: 2 × personnel, 1 × financier · n'est pas envoyé"),
        ("es", {"action": "mask"}, "Encontrado: 3 × personal, 1 × financiero · sale enmascarado"),
        ("zh", {"action": "allow"}, "发现: 2 × 个人信息, 1 × 财务 · 可以离开本机"),
        ("pt", {"action": "mask"}, "Found: 3 × personal, 1 × financial · leaves masked"),
        ("en", {"action": "mask", "target": "auto"},
         "Found: 3 × personal, 1 × financial · masked if it leaves this machine"),
        ("en", {"action": "mask", "counts": {}}, "Found: 1 × personal · leaves masked"),
        ("en", ASKS, "Found: 1 × document · stays on this machine until you agree"),
    ],
)  # fmt: skip
async def test_it_says_what_happens_in_the_persons_language(
    says: dict[str, Any], language: str, verdict: dict[str, Any], line: str
) -> None:
    says["inspect"] = FOUND | verdict
    person = Person(language=language)

    await person.send(said("x"))

    assert person.screen.lines == [line]


def test_every_language_has_words_for_whatever_may_be_said() -> None:
    _, module = load("pii_guard")

    assert set(module.ACTIONS) == set(module.CLASSES) == set(module.WORDS) == set(LANGUAGES)
    for table in (module.ACTIONS, module.CLASSES, module.WORDS):
        assert len({frozenset(words) for words in table.values()}) == 1
        assert all(all(words.values()) for words in table.values())
    assert set(get_args(Action)) <= set(module.ACTIONS["en"])


async def test_nothing_found_says_nothing(says: dict[str, Any]) -> None:
    says["inspect"] = {"action": "allow", "counts": {}, "weak": {"personal": 1}, "asks": []}
    person = Person()

    await person.send(said("hello"))

    assert person.screen.lines == []


async def test_a_line_is_shown_once_for_all_rounds_of_tools(says: dict[str, Any]) -> None:
    person, sent = Person(), request(model("sluice.frontier"), OPENAI_MODELS={"sluice.frontier": {"urlIdx": 1}})
    says["inspect"] = [FOUND, FOUND, FOUND | {"counts": {"secret": 1}}]

    for _ in range(3):
        await person.send(said("x", "sluice.frontier"), asked=sent)

    assert [line.split(" · ")[0] for line in person.screen.lines] == [
        "Found: 2 × personal, 1 × financial",
        "Found: 1 × secret",
    ]


async def test_the_private_preset_sends_nothing_anywhere_so_nothing_is_asked(gateway: Asked) -> None:
    person = Person()

    await person.send(said("x"), base="sluice.local")

    assert gateway.calls == []


async def test_switched_off_hides_the_line_and_still_asks_about_files(says: dict[str, Any]) -> None:
    says["inspect"] = ASKS
    person = Person(window=Window("masked"), show="off")

    await person.send(said("x"))

    assert person.screen.lines == []
    assert len(person.window.dialogs) == 1  # type: ignore[union-attr]


async def test_strict_goes_with_every_round_and_leaves_other_choices_as_they_are(gateway: Asked) -> None:
    body = said("x") | {"sluice": {"lane": "coder", "preference": "quality"}}

    result = await Person(strict="on").send(body)

    assert result["sluice"] == {"lane": "coder", "preference": "quality", "strict": True}
    assert gateway.sent("inspect")["sluice"] == result["sluice"]
    assert (await Person().send(said("x"))).get("sluice") is None


@pytest.mark.parametrize(
    ("choice", "posted", "line"),
    [
        ("masked", ["masked"], "leaves masked, as you agreed"),
        ("local", ["local"], "stays on this machine, as you chose"),
        ("", [], "nobody answered, so it stays on this machine"),
        ({"error": "Client session disconnected."}, [], "nobody answered, so it stays on this machine"),
        (None, [], "nobody answered, so it stays on this machine"),
        (True, [], "nobody answered, so it stays on this machine"),
    ],
)
async def test_a_file_is_asked_about_and_the_answer_is_handed_on(
    says: dict[str, Any], gateway: Asked, choice: Any, posted: list[str], line: str
) -> None:
    says["inspect"] = ASKS
    person = Person(window=Window(choice))

    await person.send(said("x"))

    consents = [body for path, _, body in gateway.calls if path == "consent"]
    assert [body["choice"] for body in consents] == posted
    assert all(body["challenge"] == "signed" for body in consents)
    assert person.screen.lines == [f"Found: 1 × document · {line}"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_dialog_shows_the_file_and_what_would_leave_as_text_only(says: dict[str, Any], language: str) -> None:
    says["inspect"] = ASKS
    window = Window("local")

    await Person(language=language, window=window).send(said("x"))

    (dialog,) = window.dialogs
    words = load("pii_guard")[1].WORDS[language]
    assert (dialog["type"], dialog["title"], dialog["value"]) == ("input", words["title"], "local")
    assert dialog["input"]["type"] == "select"
    assert {one["value"]: one["label"] for one in dialog["input"]["options"]} == {
        "local": words["local"],
        "masked": words["masked"],
    }
    assert "cv &lt;1&gt;.pdf" in dialog["message"]
    assert "Write to [EMAIL_1] &lt;b&gt;now&lt;/b&gt;." in dialog["message"]


@pytest.mark.parametrize("kind", ["message", "tool", "instructions"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_dialog_about_a_text_says_why_it_is_asked(says: dict[str, Any], language: str, kind: str) -> None:
    says["inspect"] = ASKS | {"asks": [{"id": "doubtful:1", "kind": kind, "name": ""}], "counts": {"doubtful": 1}}
    window, person = Window("local"), Person(language=language)
    person.window = window

    await person.send(said("x"))

    words = load("pii_guard")[1].WORDS[language]
    assert f"<b>{html.escape(words[kind])}</b></p><p>{words['doubt']}</p>" in window.dialogs[0]["message"]
    assert "Write to [EMAIL_1]" in window.dialogs[0]["message"]
    assert len(person.screen.lines) == 1


async def test_cancelling_sends_the_message_to_no_model(says: dict[str, Any], gateway: Asked) -> None:
    says["inspect"] = ASKS

    with pytest.raises(Exception, match="You cancelled, so this was not sent to any model"):
        await Person(window=Window(False)).send(said("x"))

    assert "consent" not in gateway.paths()


async def test_who_does_not_answer_in_time_is_taken_for_a_no(says: dict[str, Any], gateway: Asked) -> None:
    says["inspect"] = ASKS
    guard, _ = load("pii_guard")
    guard.valves = guard.Valves.model_construct(seconds=5.0, answer_seconds=0.01)
    person = Person(window=Window(asyncio.Event().wait))

    await person.send(said("x"), guard)

    assert person.screen.lines == ["Found: 1 × document · nobody answered, so it stays on this machine"]
    assert "consent" not in gateway.paths()


async def test_a_file_is_asked_about_once_in_a_turn(says: dict[str, Any]) -> None:
    says["inspect"] = ASKS
    person = Person(window=Window(""))
    sent = request(model("sluice.frontier"), OPENAI_MODELS={"sluice.frontier": {"urlIdx": 1}})

    for _ in range(3):
        await person.send(said("x", "sluice.frontier"), asked=sent)

    assert len(person.window.dialogs) == 1  # type: ignore[union-attr]
    assert len(person.screen.lines) == 1


async def test_of_two_models_that_answer_side_by_side_one_asks_at_a_time(says: dict[str, Any]) -> None:
    says["inspect"] = ASKS
    open_dialogs, most = 0, 0

    async def answer() -> str:
        nonlocal open_dialogs, most
        open_dialogs += 1
        most = max(most, open_dialogs)
        await asyncio.sleep(0)
        open_dialogs -= 1
        return "masked"

    person = Person(window=Window(answer))
    sent = request(model("sluice.frontier"), OPENAI_MODELS={"sluice.frontier": {"urlIdx": 1}})

    await asyncio.gather(
        *(person.send(said("x", "sluice.frontier"), asked=sent, message=message) for message in ("m-1", "m-2"))
    )

    assert most == 1


async def test_two_people_at_once_see_only_their_own(says: dict[str, Any], gateway: Asked) -> None:
    says["inspect"] = ASKS
    guard, _ = load("pii_guard")
    both = asyncio.Barrier(2)

    def answering(choice: str) -> Any:
        async def answer() -> str:
            await both.wait()
            return choice

        return answer

    ada = Person("ada", window=Window(answering("masked")))
    bob = Person("bob", language="de", window=Window(answering("local")))

    await asyncio.gather(ada.send(said("of Ada"), guard), bob.send(said("of Bob"), guard))

    assert ada.screen.lines == ["Found: 1 × document · leaves masked, as you agreed"]
    assert bob.screen.lines == ["Gefunden: 1 × Dokument · bleibt auf Ihren Wunsch auf diesem Rechner"]
    chats = {headers["x-sluice-chat"]: body["choice"] for path, headers, body in gateway.calls if path == "consent"}
    assert chats == {"chat of ada": "masked", "chat of bob": "local"}


async def test_without_a_window_or_a_challenge_nobody_is_asked(says: dict[str, Any], gateway: Asked) -> None:
    says["inspect"] = ASKS | {"challenge": None}
    window = Window("masked")

    await Person(window=window).send(said("x"))
    says["inspect"] = ASKS
    await Person().send(said("x"))

    assert window.dialogs == []
    assert "consent" not in gateway.paths()


@pytest.mark.parametrize(
    "verdict", ["broken", None, {"counts": 3}, {"action": "ask"}, {"action": "ask", "asks": 5}], ids=repr
)
@pytest.mark.parametrize("status", [200, 401, 500])
async def test_an_answer_that_makes_no_sense_stops_nothing(
    says: dict[str, Any], gateway: Asked, verdict: Any, status: int
) -> None:
    says["inspect"], gateway.status = verdict, status
    person = Person(window=Window("masked"))

    assert await person.send(said("hello")) == said("hello")
    assert person.screen.lines == []


async def test_a_gateway_that_is_down_stops_nothing(connections: dict[str, Any]) -> None:
    connections["openai.api_base_urls"][1] = "http://127.0.0.1:9"
    person = Person(window=Window("masked"))

    assert await person.send(said("hello")) == said("hello")
    assert person.screen.lines == []


async def test_a_consent_that_did_not_arrive_is_not_called_agreed(says: dict[str, Any], gateway: Asked) -> None:
    says["inspect"] = ASKS
    gateway.failing = {"consent"}
    person = Person(window=Window("masked"))

    assert await person.send(said("x")) == said("x")

    assert person.screen.lines == []


async def test_an_api_call_without_a_window_costs_nothing(gateway: Asked) -> None:
    guard, _ = load("pii_guard")
    row = model("sluice.frontier")

    await guard.request(said("x", "sluice.frontier"), {"id": "u-1"}, row, {}, request(row))

    assert gateway.calls == []


async def test_the_text_goes_to_no_server_but_the_gateway(gateway: Asked, connections: dict[str, Any]) -> None:
    await Person().send(said("hello"), base="gpt-4.1")
    connections["openai.api_configs"] = {}
    await Person().send(said("hello"))

    assert gateway.calls == []


async def test_another_server_with_a_model_of_our_name_is_not_taken_for_the_gateway(gateway: Asked) -> None:
    row = model("sluice.frontier")

    await Person().send(
        said("x", "sluice.frontier"), asked=request(row, OPENAI_MODELS={"sluice.frontier": {"urlIdx": 0}})
    )

    assert gateway.calls == []
