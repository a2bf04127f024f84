"""A realistic day of a team of ten, as plain values: who asks what, when, in which chat.

Made from a written mix and the labelled questions, the same each time. Nobody logged it. What the mix leans on:
writing is about two fifths of messages at work and two thirds of that is work on a text that is there, practical
advice and information lead the rest, code is a small part over all people (Chatterji et al., How People Use ChatGPT,
NBER 34255, 2025) and a large one among developers (Anthropic Economic Index, 2025: computer and mathematical work
above a third of the use of Claude). Which share needs the cloud is our assumption: about one call in eight, twice as
many among developers and those who decide as in an office. So is the private share, a quarter.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sluice.config.schema import Role

from tests.bench.routing.cases import Case, Half, cases

DAY = datetime(2026, 11, 24, tzinfo=UTC)  # a Tuesday
SEED = 20261124

# How many in a hundred new questions of a role need which rung.
Mix = Mapping[str, int]
OFFICE: Mix = {"small": 27, "standard": 61, "coder": 0, "vision": 4, "long": 1, "cloud": 5, "frontier": 2}
SALES: Mix = {"small": 22, "standard": 65, "coder": 0, "vision": 3, "long": 1, "cloud": 7, "frontier": 2}
DEVELOPER: Mix = {"small": 10, "standard": 22, "coder": 47, "vision": 2, "long": 1, "cloud": 11, "frontier": 7}
ANALYST: Mix = {"small": 12, "standard": 38, "coder": 30, "vision": 3, "long": 2, "cloud": 10, "frontier": 5}
LEAD: Mix = {"small": 16, "standard": 57, "coder": 0, "vision": 2, "long": 4, "cloud": 13, "frontier": 8}


@dataclass(frozen=True, slots=True)
class Person:
    """One of the team; `calls` counts chat messages a day, without background tasks."""

    name: str
    group: str
    mix: Mix
    calls: int
    language: str  # of half of the questions; the others are English


TEAM = (
    Person("p01", "office", OFFICE, 62, "de"),
    Person("p02", "office", OFFICE, 71, "fr"),
    Person("p03", "sales", SALES, 88, "es"),
    Person("p04", "sales", SALES, 95, "de"),
    Person("p05", "support", SALES, 99, "en"),
    Person("p06", "development", DEVELOPER, 93, "en"),
    Person("p07", "development", DEVELOPER, 84, "de"),
    Person("p08", "data", ANALYST, 76, "nl"),
    Person("p09", "people", OFFICE, 58, "it"),
    Person("p10", "management", LEAD, 52, "en"),
)

# In a hundred: a chat goes on after a question, a question is private.
GOES_ON, PRIVATE = 45, 25
PRESETS = (("auto", 80), ("everyday", 7), ("private", 5), ("quick", 4), ("code-review", 2), ("deep-analysis", 2))
# Questions that go on with a chat, and ask no more than what was asked before.
FOLLOW_UPS: Mapping[str, Sequence[str]] = {
    "en": ("Shorter, please.", "And in a table?", "Now make it friendlier.", "Why is that?", "One more example."),
    "de": ("Kürzer bitte.", "Und als Tabelle?", "Warum ist das so?", "Jetzt noch etwas freundlicher."),
    "fr": ("Plus court, s'il te plaît.", "Et pourquoi ?", "Maintenant sous forme de liste."),
    "es": ("Más corto, por favor.", "¿Y por qué?", "Ahora en forma de lista."),
}
TASKS = ("title_generation", "tags_generation")  # once a chat; follow-up questions come with every answer
ANSWER_TOKENS: Mapping[str, int] = {
    "small": 40, "standard": 260, "coder": 380, "vision": 120, "long": 600, "cloud": 900, "frontier": 1400,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of the day. `rung` is the lowest whose answer would do; tasks are calls of their own."""

    at: datetime
    person: str
    group: str
    chat: str
    preset: str
    rung: Role
    kind: str
    case: Case  # its question, what was said before and whether it may leave
    task: str = ""
    answer_tokens: int = 300

    @property
    def is_free(self) -> bool:
        """Whether it may leave, as far as policy and preset go."""
        return not (self.case.confined or self.task or self.preset in ("private", "everyday", "quick", "code-review"))


def day(half: Half | None = None, seed: int = SEED) -> list[Asked]:
    """Return the calls of the day in the order of their times; from one half of the questions, or from both."""
    pool = [case for case in cases() if not case.history and case.preset == "auto" and half in (None, case.half)]
    chance = random.Random(seed)
    calls = [call for person in TEAM for call in _of(person, pool, chance)]
    return sorted(calls, key=lambda call: call.at)


def _of(person: Person, pool: Sequence[Case], chance: random.Random) -> Iterator[Asked]:
    left, chat = person.calls, 0
    while left > 0:
        chat += 1
        begun = DAY + timedelta(minutes=chance.uniform(8 * 60, 17.5 * 60))
        turns = list(_chat(person, f"{person.name}-{chat}", begun, pool, chance))[:left]
        left -= len(turns)
        for number, asked in enumerate(turns):
            yield asked
            yield from _tasks(asked, first=not number)


def _chat(person: Person, name: str, begun: datetime, pool: Sequence[Case], chance: random.Random) -> Iterator[Asked]:
    preset = chance.choices([one for one, _ in PRESETS], [weight for _, weight in PRESETS])[0]
    case = _drawn(person, pool, chance, private=chance.randrange(100) < PRIVATE)
    said: tuple[str, ...] = ()
    rung, at = case.rung, begun
    while True:
        asked = replace(case, history=said, preset=preset)
        yield Asked(at, person.name, person.group, name, preset, rung, asked.kind, asked, "", ANSWER_TOKENS[rung])
        if chance.randrange(100) >= GOES_ON:
            return
        said = (*said, case.question, "Here is what you asked for. " * 12)
        at += timedelta(minutes=chance.uniform(1, 5))
        follow_ups = FOLLOW_UPS.get(case.language, FOLLOW_UPS["en"])
        case = _follow_up(case, chance.choice(follow_ups))


def _drawn(person: Person, pool: Sequence[Case], chance: random.Random, *, private: bool) -> Case:
    rung = chance.choices(list(person.mix), list(person.mix.values()))[0]
    language = person.language if chance.random() < 0.5 else "en"
    fitting = [case for case in pool if case.rung == rung]
    spoken = [case for case in fitting if case.language == language] or fitting
    drawn = chance.choice(spoken)
    return replace(drawn, confined=drawn.confined or private)


def _follow_up(case: Case, question: str) -> Case:
    return replace(case, question=question, tokens=0, media="")


def _tasks(asked: Asked, *, first: bool) -> Iterator[Asked]:
    """The calls that Open WebUI makes of its own after an answer."""
    at = asked.at + timedelta(seconds=20)
    for task in (*(TASKS if first else ()), "follow_up_generation"):
        yield Asked(at, asked.person, asked.group, asked.chat, asked.preset, "small", "task", asked.case, task, 30)
