"""What the audit log has of calls: also of those that nobody answers, and never a text."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sluice.errors import NoModel, Refused
from sluice.gateway.policies import policy_version

from tests.gateway.conftest import Rig


def entries(rig: Rig) -> list[dict[str, Any]]:
    return [json.loads(line) for line in rig.records.audit.export_lines()]


async def test_a_call_that_policy_blocks_is_written_down(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("privacy: {actions: {legal: block}}")
    await rig.fleet.look()

    with pytest.raises(Refused):
        await rig.ask("the FORBIDDEN", "frontier")

    (entry,) = entries(rig)
    assert (entry["action"], entry["location"], entry["counts"]) == ("block", "", {"legal": 1})
    assert "FORBIDDEN" not in json.dumps(entry)


async def test_a_lane_that_does_not_exist_brings_no_text_into_the_log(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("privacy: {actions: {legal: block}}")

    with pytest.raises(Refused):
        await rig.ask("the FORBIDDEN", "words-of-a-person")

    assert "words-of-a-person" not in rig.path.with_name("audit.sqlite3").read_bytes().decode("latin-1")
    assert entries(rig)[0]["lane"] == ""


async def test_a_call_that_no_model_can_take_is_written_down_once(rig: Rig) -> None:
    nowhere = rig.path.read_text(encoding="utf-8").replace(rig.ollama.url, "http://127.0.0.1:9")
    rig.path.write_text(nowhere, encoding="utf-8")
    rig.live.reload()
    await rig.fleet.look()

    with pytest.raises(NoModel):
        await rig.ask("the SECRET", "frontier")

    (entry,) = entries(rig)
    assert (entry["action"], entry["location"], entry["model"]) == ("local", "", "")
    assert entry["reasons"][-1] == "no model"


async def test_the_policy_is_named_by_what_it_does_and_not_by_how_it_is_written(
    make_rig: Callable[[str], Rig],
) -> None:
    def versions(more: str) -> tuple[str, str]:
        config = make_rig(more).live.current
        return policy_version(config, "enforce"), policy_version(config, "observe")

    plain = versions("")

    assert versions("# a remark\nbudgets: [{scope: user, period: day, limit_usd: 2}]") == plain
    assert versions("privacy: {allow: [help desk]}") != plain
    assert len(set(plain)) == 2
