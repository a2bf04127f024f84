"""Say what went wrong at a provider: a status and a sentence, never its text, a key or a trace."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx

from sluice.errors import UpstreamError

# LiteLLM's exception classes by name, so that this table needs no import of it: status, kind, sentence.
KNOWN: dict[str, tuple[int, str, str]] = {
    "AuthenticationError": (401, "key", "refused the key. Check it in .env"),
    "PermissionDeniedError": (403, "key", "does not permit this key to use the model. Check the account's access"),
    "NotFoundError": (404, "missing", "does not have this model. Check its name in sluice.yaml"),
    "ContextWindowExceededError": (413, "too_long", "says the conversation is too long for it. Shorten it"),
    "ContentPolicyViolationError": (400, "filter", "refused the content under its own policy"),
    "UnprocessableEntityError": (422, "request", "could not read the request"),
    "UnsupportedParamsError": (400, "request", "does not support one of the parameters"),
    "BadRequestError": (400, "request", "rejected the request. A parameter or an attachment may not suit it"),
    "RateLimitError": (429, "busy", "is limiting requests. Try again a little later"),
    "Timeout": (504, "timeout", "did not answer in time. Try again"),
    "ServiceUnavailableError": (503, "down", "is not available now. Try again later"),
    "InternalServerError": (502, "down", "failed with an error of its own. Try again later"),
    "BadGatewayError": (502, "down", "is not available now. Try again later"),
    "APIConnectionError": (502, "down", "cannot be reached"),
}
REFUSED = frozenset({"ConnectError", "ConnectionRefusedError", "ClientConnectorError", "ClientConnectorDNSError"})
UNREACHABLE = (502, "unreachable", "cannot be reached. Check the network, and that its server runs")
MEMORY = ("out of memory", "requires more system memory", "insufficient memory")


def explain(error: BaseException, title: str) -> UpstreamError:
    """Turn any failure of a call into an UpstreamError about the model called `title`."""
    if isinstance(error, UpstreamError):
        return error
    status, kind, sentence = _known(error)
    return UpstreamError(f"{title} {sentence} ({status}).", status=status, kind=kind, retry_after=_retry_after(error))


def ended_early(title: str) -> UpstreamError:
    """The stream stopped without saying that it was done."""
    return UpstreamError(f"{title} broke off in the middle of its answer (502).", status=502, kind="cut")


def unreachable(title: str) -> UpstreamError:
    """Nobody takes a connection."""
    status, kind, sentence = UNREACHABLE
    return UpstreamError(f"{title} {sentence} ({status}).", status=status, kind=kind)


def filtered(title: str) -> UpstreamError:
    """The provider ended the answer under its own policy."""
    status, kind, sentence = KNOWN["ContentPolicyViolationError"]
    return UpstreamError(f"{title} {sentence} ({status}).", status=status, kind=kind)


def silent(title: str, seconds: float) -> UpstreamError:
    """Nothing came for the configured time."""
    return UpstreamError(f"{title} sent nothing for {seconds:g} s (504).", status=504, kind="timeout")


def _known(error: BaseException) -> tuple[int, str, str]:
    if any(words in str(error).lower() for words in MEMORY):
        return 503, "memory", "does not fit into memory now. Choose a smaller model or free memory"
    if any(type(cause).__name__ in REFUSED for cause in _causes(error)):
        return UNREACHABLE
    for ancestor in type(error).__mro__:
        if ancestor.__name__ in KNOWN:
            return _by_status(error) or KNOWN[ancestor.__name__]
    if isinstance(error, asyncio.TimeoutError | httpx.TimeoutException):
        return KNOWN["Timeout"]
    return _by_status(error) or (502, "down", "could not be asked")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it; LiteLLM wraps a refused connection several times."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _by_status(error: BaseException) -> tuple[int, str, str] | None:
    """Some providers' statuses arrive in a broader class: the number says more."""
    status = getattr(error, "status_code", None)
    if status == 404:
        return KNOWN["NotFoundError"]
    if status == 429:
        return KNOWN["RateLimitError"]
    return None


def _retry_after(error: BaseException) -> float | None:
    response: Any = getattr(error, "response", None)
    headers = getattr(response, "headers", None) or getattr(error, "litellm_response_headers", None) or {}
    try:
        return max(0.0, min(float(headers.get("retry-after", "")), 3600.0))
    except (ValueError, AttributeError, TypeError):
        return None
