"""Every error that Sluice raises on purpose; `str(error)` is a sentence for a person.

SluiceError
├── ConfigError            the configuration cannot be used; shown to the admin at start or reload
├── StartError             the server cannot start; shown to the admin
├── CalibrationError       what was learned of the local models cannot be read; shown to the admin
├── ProfileError           the local models cannot be profiled; shown to the admin
├── RequestError           the caller's request cannot be read (4xx)
│   └── UnknownModel       the model or lane does not exist (404)
├── Refused                policy forbids the call (403)
├── BudgetUsedUp           a budget has no room for the call (402)
├── UnknownPrice           a cloud model has no price; told to admins
├── GuardFailed            the guard could not read a text; a call then stays local (503)
├── StaysLocal             a call cannot be made fit to leave; it is answered on this machine
├── NotRecorded            the audit log cannot be written, so nothing may leave (503); an OSError, too
├── NoModel                nobody can answer: reasons per candidate (503)
├── TooLong                no admitted model can hold the prompt (413)
└── UpstreamError          a provider failed; carries its status, never its key or the text
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path


class SluiceError(Exception):
    """Base of the tree; `status` is the HTTP status an API caller gets."""

    status = 500
    code = "sluice_error"


class ConfigError(SluiceError):
    """The configuration is wrong; `problems` holds one sentence per fault, with file and line."""

    code = "config_error"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class StartError(SluiceError):
    """The server refuses to start and says what to change."""

    code = "start_error"


class CalibrationError(SluiceError):
    """The calibration in the data folder cannot be used."""

    code = "calibration_error"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} was not taken: {why}. Mend it, or delete it and run `sluice calibrate` and `sluice refit`."
        )


class ProfileError(SluiceError):
    """No local model can be asked the graded questions; the sentence says why."""

    code = "profile_error"


class RequestError(SluiceError):
    """The request body is not what a chat completion looks like."""

    status = 400
    code = "invalid_request"


class RequestTooLarge(RequestError):
    """The body is larger than the server reads."""

    status = 413
    code = "request_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The request is larger than {limit:,} bytes, so it was not read. "
            "Send less, or raise server.max_request_bytes."
        )


class UnknownModel(RequestError):
    """The model asked for is neither a lane nor in `model_list`."""

    status = 404
    code = "model_not_found"

    def __init__(self, model: str) -> None:
        super().__init__(f"There is no model `{model[:80]}` here. GET /models lists those there are.")


class Refused(SluiceError):
    """The written policy forbids the call."""

    status = 403
    code = "refused"


class BudgetUsedUp(SluiceError):
    """A call to the cloud would cost more than a budget leaves. `why` goes on after "after:" or "kept local:"."""

    status = 402
    code = "budget_used_up"

    def __init__(self, why: str, renews: date | None = None, alternative: str = "") -> None:
        told = renews is None or renews.isoformat() in why
        when = "" if told else f" It is renewed on {renews:%d %B %Y}."
        local = f"a local model, such as {alternative}" if alternative else "a local model"
        super().__init__(f"This was not sent to the cloud: {why}.{when} Choose {local}, or ask an admin.")
        self.why = why
        self.renews = renews


class UnknownPrice(SluiceError):
    """The price of a cloud model is not known. Told to admins; calls go on, and none counts as free."""

    code = "unknown_price"

    def __init__(self, model: str) -> None:
        super().__init__(
            f"No price is known for `{model}`, so its costs are not shown and budgets count a high one. "
            "Add it under `prices:` in sluice.yaml."
        )
        self.model = model


class GuardFailed(SluiceError):
    """The guard could not read a text. `why` goes on where a sentence begins with "the guard"."""

    status = 503
    code = "guard_failed"

    def __init__(self, why: str) -> None:
        super().__init__(f"The guard {why}, so nothing is known of this text. Try again, or ask an admin.")
        self.why = why


class StaysLocal(SluiceError):
    """What would leave could not be masked; the sentence goes on after "kept local:".

    `keeps` are labels for the branch of the chat: the classes of what was found only now.
    """

    status = 503
    code = "stays_local"

    def __init__(self, why: str, keeps: frozenset[str] = frozenset()) -> None:
        super().__init__(why)
        self.keeps = keeps


class NotRecorded(SluiceError, OSError):
    """A decision could not be written into the audit log; what it decided is not done."""

    status = 503
    code = "not_recorded"

    def __init__(self) -> None:
        super().__init__(
            "The audit log cannot be written, so this was not done. The gateway's log says why; "
            "free the disk or mend the permissions, and try again."
        )


class NoModel(SluiceError):
    """No admitted model answered; the sentence names each and why."""

    status = 503
    code = "no_model"

    def __init__(self, why: Sequence[str], *, kept_local: bool) -> None:
        head = (
            "Nothing was sent to the cloud, and no local model could answer" if kept_local else "No model could answer"
        )
        super().__init__(f"{head}: {'; '.join(why) or 'none is configured'}.")


class TooLong(SluiceError):
    """The prompt does not fit any admitted model; nothing was cut."""

    status = 413
    code = "context_length_exceeded"

    def __init__(self, tokens: int, largest: int, *, kept_local: bool) -> None:
        where = "local model" if kept_local else "available model"
        super().__init__(
            f"This conversation has about {tokens:,} tokens, and the largest {where} takes {largest:,}, "
            "so it was not sent and nothing was cut. Shorten it, start a new chat, or remove an attachment."
        )


class UpstreamError(SluiceError):
    """A provider failed. `status` is what it answered, or the nearest HTTP status."""

    code = "upstream_error"

    def __init__(self, sentence: str, *, status: int, kind: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.kind = kind
        self.retry_after = retry_after
