"""The chip: hands over a choice, and says where it has no effect."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.functions.conftest import Screen, model, request, speaking
from tests.functions.loader import load


def person(**valves: str) -> dict[str, Any]:
    return {"id": "u", "valves": load("auto_router")[0].UserValves(**valves)}


async def through(body: dict[str, Any], **context: Any) -> dict[str, Any]:
    result: dict[str, Any] = await load("auto_router")[0].inlet(body, **context)
    return result


def test_it_is_a_chip_with_an_icon() -> None:
    chip, _ = load("auto_router")

    assert chip.toggle is True
    assert chip.icon.startswith("data:image/svg+xml;base64,")


async def test_the_choice_goes_along_and_the_model_stays(screen: Screen) -> None:
    body = await through(
        {"model": "auto", "messages": []},
        __user__=person(lane="coder", preference="quality"),
        __model__=model("auto", "sluice.auto"),
        __event_emitter__=screen,
    )

    assert body == {
        "model": "auto",
        "messages": [],
        "sluice": {"lane": "coder", "preference": "quality", "preset": "auto"},
    }
    assert screen.lines == []


async def test_by_default_the_lane_is_left_to_the_preset() -> None:
    body = await through({"model": "quick"}, __user__={"id": "u"}, __model__=model("quick", "sluice.small"))

    assert body["sluice"] == {"preference": "balanced", "preset": "quick"}


async def test_the_priority_and_the_language_of_the_person_go_along() -> None:
    body = await through(
        {"model": "auto"},
        __user__=person(priority="low"),
        __model__=model("auto", "sluice.auto"),
        __metadata__=speaking("de-DE"),
    )

    assert body["sluice"] == {"priority": "low", "language": "de", "preference": "balanced", "preset": "auto"}


async def test_on_the_private_preset_only_the_language_goes_along() -> None:
    body = await through(
        {"model": "private"},
        __user__=person(lane="cloud", priority="high"),
        __model__=model("private", "sluice.local"),
        __metadata__=speaking("fr-FR"),
    )

    assert body == {"model": "private", "sluice": {"language": "fr"}}


async def test_a_preset_made_of_a_preset_is_recognised() -> None:
    team = model("team", "auto")

    body = await through({"model": "team"}, __model__=team, __request__=request(team, model("auto", "sluice.auto")))

    assert body["sluice"]["preset"] == "team"


async def test_private_is_not_lifted_and_says_so(screen: Screen) -> None:
    body = await through(
        {"model": "private"},
        __user__=person(lane="cloud", preference="quality"),
        __model__=model("private", "sluice.local"),
        __event_emitter__=screen,
    )

    assert body == {"model": "private"}
    assert screen.lines == ["This preset never leaves the machine, so the router chip changes nothing here."]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-US", "does not apply"), ("de-DE", "wirkt bei diesem Modell nicht"), ("fr-FR", "ne s'applique pas"),
     ("es-ES", "no se aplica"), ("zh-CN", "不适用"), ("pt-BR", "does not apply")],
)  # fmt: skip
async def test_on_another_model_it_says_in_the_persons_language_that_it_does_not_apply(
    screen: Screen, language: str, words: str
) -> None:
    body = await through(
        {"model": "elsewhere"},
        __model__=model("elsewhere"),
        __metadata__=speaking(language),
        __event_emitter__=screen,
    )

    assert body == {"model": "elsewhere"}
    assert words in screen.lines[0]


async def test_two_people_at_once_do_not_share_a_choice() -> None:
    chip, _ = load("auto_router")
    first = SimpleNamespace(lane="preset", preference="private")
    second = SimpleNamespace(lane="auto", preference="quality")

    bodies = [
        await chip.inlet({"model": "auto"}, __user__={"valves": valves}, __model__=model("auto", "sluice.auto"))
        for valves in (first, second)
    ]

    assert [body["sluice"]["preference"] for body in bodies] == ["private", "quality"]


async def test_presets_that_point_at_each_other_are_no_endless_loop() -> None:
    one, two = model("one", "two"), model("two", "one")

    assert await through({"model": "one"}, __model__=one, __request__=request(one, two)) == {"model": "one"}
