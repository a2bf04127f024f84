"""What was learned of the local models moves calls, and an admin's own threshold comes before it."""

from __future__ import annotations

from sluice.routing import Adjustment, Calibration
from sluice.switches import Switches

from tests.gateway.conftest import Rig

GREETING = "Good morning!"
EVERYTHING = Calibration(threshold=0.0)


async def test_a_calibrated_threshold_decides_where_nobody_named_one(rig: Rig) -> None:
    before = (await rig.ask(GREETING)).usage["location"]

    rig.calibration = EVERYTHING

    assert (before, (await rig.ask(GREETING)).usage["location"]) == ("local", "cloud")


async def test_a_kind_that_the_local_models_fall_short_of_goes_to_the_cloud(rig: Rig) -> None:
    rig.calibration = Calibration(kinds={"chat": Adjustment(shift=12.0)})

    assert (await rig.ask("Why is the sky blue?")).usage["location"] == "cloud"


async def test_the_valve_and_the_file_come_first(rig: Rig) -> None:
    rig.path.write_text(rig.path.read_text().replace("routing: {", "routing: {auto_threshold: 1.0, "))
    assert rig.live.reload()
    rig.calibration = EVERYTHING

    by_the_file = (await rig.ask(GREETING)).usage["location"]
    rig.switches = Switches(auto_threshold=0.0)
    by_the_valve = (await rig.ask(GREETING)).usage["location"]

    assert (by_the_file, by_the_valve) == ("local", "cloud")
