"""Tell whether a model can hold and read a call, and raise what nobody can."""

from collections.abc import Sequence

from sluice.errors import NoModel, TooLong
from sluice.routing.candidate import Candidate
from sluice.routing.signals import Signals
from sluice.words import words

# Room that is kept for the answer when the caller names no limit, in tokens.
ANSWER_TOKENS = 1024


def obstacle(candidate: Candidate, signals: Signals) -> str:
    """Why a model cannot answer this call; empty where it can."""
    if candidate.unavailable:
        return words("it is unavailable: {why}", why=candidate.unavailable)
    if missed := unread(signals, candidate):
        return words("it reads no {media}", media=missed)
    if needed(signals, candidate) > candidate.window:
        return words("its window of {window} tokens is too small", window=f"{candidate.window:,}")
    return ""


def usable(admitted: Sequence[Candidate], signals: Signals, *, kept_local: bool) -> list[Candidate]:
    """Return the models that can answer, in order. Raises NoModel or TooLong where none can."""
    up = [candidate for candidate in admitted if not candidate.unavailable]
    if not up:
        raise NoModel([f"{c.title}: {c.unavailable}" for c in admitted], kept_local=kept_local)
    able = [c for c in up if not unread(signals, c)]
    if not able:
        raise NoModel([f"{c.title} reads no {unread(signals, c)}" for c in up], kept_local=kept_local)
    fitting = [c for c in able if needed(signals, c) <= c.window]
    if not fitting:
        raise TooLong(signals.prompt_tokens, max(c.window for c in able), kept_local=kept_local)
    return fitting


def unread(signals: Signals, candidate: Candidate) -> str:
    """What the call carries and the model would not see; a part that is dropped in silence is worse than a no."""
    seen = candidate.reads | ({"image"} if candidate.sees_images else frozenset())
    return " or ".join("images" if kind == "image" else kind for kind in sorted(signals.media - seen))


def needed(signals: Signals, candidate: Candidate) -> int:
    """Prompt and answer together; the room for the answer yields on small windows, the prompt never does."""
    room = signals.answer_tokens or ANSWER_TOKENS
    return signals.prompt_tokens + min(room, ANSWER_TOKENS, candidate.window // 4)
