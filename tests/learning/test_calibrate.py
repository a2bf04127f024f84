"""A threshold from a team's own history: the share that it sends, what counts, and when there is too little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.learning import Past, TooShort, threshold_for
from sluice.routing import Adjustment, Calibration
from sluice.routing.calibration_file import read_calibration, write_calibration

from tests.learning.conftest import Team

PLAIN = Calibration()


def questions(*scores: float, kind: str = "chat", may_leave: bool = True, chat: str = "") -> list[Past]:
    return [
        Past(chat or f"{kind}-{n}", f"m-{n}", kind, score, "local", may_leave=may_leave)
        for n, score in enumerate(scores)
    ]


def sent(past: list[Past], threshold: float, calibration: Calibration = PLAIN) -> float:
    free = [call for call in past if call.may_leave]
    return sum(calibration.adjusted(call.estimate, call.kind) >= threshold for call in free) / len(free)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.5, 1.0])
def test_the_share_is_what_would_have_gone(share: float) -> None:
    past = questions(*(n / 400 for n in range(400)))

    assert sent(past, threshold_for(past, PLAIN, share)) == pytest.approx(share, abs=0.005)


@given(st.lists(st.floats(0, 1), min_size=120, max_size=160), st.floats(0, 1))
def test_no_other_threshold_comes_nearer_to_the_share(scores: list[float], share: float) -> None:
    past = questions(*(round(score, 2) for score in scores))

    missed = abs(sent(past, threshold_for(past, PLAIN, share)) - share)

    others = [0.0, *(n / 200 + 0.0025 for n in range(200))]
    assert missed <= min(abs(sent(past, other) - share) for other in others) + 1e-9


def test_what_was_private_counts_for_nothing() -> None:
    past = questions(*(n / 200 for n in range(200)))
    private = questions(*[0.99] * 500, may_leave=False, kind="code")

    assert threshold_for([*past, *private], PLAIN, 0.2) == threshold_for(past, PLAIN, 0.2)


def test_one_endless_chat_does_not_speak_for_the_team() -> None:
    past = questions(*(n / 200 for n in range(200)))
    endless = questions(*[0.95] * 2000, chat="endless")

    alone, beside = threshold_for(past, PLAIN, 0.2), threshold_for([*past, *endless], PLAIN, 0.2)

    assert beside == pytest.approx(alone, abs=0.05)


def test_it_reckons_with_what_was_learned_of_the_kinds() -> None:
    past = [*questions(*[0.3] * 100, kind="code"), *questions(*[0.6] * 100, kind="chat")]
    weak_at_code = Calibration(kinds={"code": Adjustment(shift=4.0)})

    threshold = threshold_for(past, weak_at_code, 0.5)

    assert weak_at_code.adjusted(0.3, "code") >= threshold > weak_at_code.adjusted(0.6, "chat")


@pytest.mark.parametrize("past", [questions(*[0.5] * 99), questions(*[0.5] * 400, chat="one")], ids=["calls", "chats"])
def test_too_short_a_history_is_no_ground(past: list[Past]) -> None:
    with pytest.raises(TooShort, match="100 in 10 are needed"):
        threshold_for(past, PLAIN, 0.2)


def test_it_is_set_and_says_what_would_have_gone_where(team: Team) -> None:
    for n in range(100):
        team.asks(n / 100, "chat" if n < 80 else "code")

    result = team.runs("calibrate", "--cloud-share", "0.1")

    assert result.exit_code == 0, result.output
    assert read_calibration(team.folder).threshold == pytest.approx(0.895)
    assert read_calibration(team.folder).threshold_from.startswith("10% of 100 questions in 30 days until ")
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert rows["code"][:6] == ["20", "0", "20", "10", "0", "10"]
    assert rows["chat"][:6] == ["80", "0", "0", "0", "0", "0"]


def test_only_what_auto_decided_in_that_time_counts(team: Team) -> None:
    team.asks(0.5, times=99)
    team.asks(0.5, days_ago=40)
    team.asks(0.5, lane="cloud")
    team.asks(0.5, booked_as="tool round")
    team.asks(None)

    result = team.runs("calibrate")

    assert result.exit_code == 1
    assert "99 questions in 99 chats could have left, and 100 in 10 are needed" in result.stderr
    assert "Nothing was changed; the threshold stays 0.8." in result.stderr
    assert read_calibration(team.folder) == Calibration()


def test_a_dry_run_changes_nothing_and_what_was_learned_of_kinds_stays(team: Team) -> None:
    learned = Calibration(kinds={"code": Adjustment(shift=1.0)}, kinds_from="profile")
    write_calibration(team.folder, learned)
    team.asks(0.5, times=120)

    dry = team.runs("calibrate", "--dry-run")
    after_dry = read_calibration(team.folder)
    team.runs("calibrate")

    assert "Nothing was changed." in dry.stdout
    assert after_dry == learned
    assert read_calibration(team.folder).kinds == learned.kinds


def test_it_says_where_an_admins_own_threshold_comes_first(team: Team) -> None:
    team.asks(0.5, times=120)
    team.configures("routing: {auto_threshold: 0.4}\n")

    assert "sluice.yaml names `auto_threshold: 0.4`, which comes first" in team.runs("calibrate").stdout
