"""Who calls, as far as it is proven: a signed token for the person, headers for the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

USER_TOKEN = "x-openwebui-user-jwt"  # noqa: S105 - a header's name
ISSUER = "open-webui"
LEEWAY_SECONDS = 30
# Ids of Open WebUI are UUIDs; anything longer or stranger is no id, and would end up in logs and keys.
ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}\Z")


@dataclass(frozen=True, slots=True)
class Caller:
    """The person (`user` is None when nobody proved who they are) and the hints of the connection.

    `groups` come from Open WebUI's server and hold only beside a proven user. `chat`, `message`,
    `task` and `preset` can be forged by a user: they are labels, and may only tighten. `name` and `email`
    come with the proof; they are known only so that they do not leave, and are written nowhere.
    """

    user: str | None = None
    role: str = ""
    groups: frozenset[str] = frozenset()
    chat: str = ""
    message: str = ""
    task: str = ""
    preset: str = ""
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        return self.user is not None

    @property
    def in_ui(self) -> bool:
        """The answer is shown as a message in Open WebUI, where status events are understood."""
        return bool(self.message) and not self.task

    @property
    def conversation(self) -> tuple[str, str] | None:
        """The key of anything remembered for a chat: never the chat's id alone, which can be forged."""
        return (self.user, self.chat) if self.user and self.chat else None


def identify(headers: Mapping[str, str], secret: str) -> Caller:
    """Read the caller from lower-case header names. Without a valid token there is no user and no group."""
    claims = _claims(headers.get(USER_TOKEN, ""), secret)
    user = _id(str(claims.get("sub", ""))) or None
    return Caller(
        user=user,
        role=str(claims.get("role", "")) if user else "",
        groups=_groups(headers.get("x-sluice-groups", "")) if user else frozenset(),
        chat=_id(headers.get("x-sluice-chat", "")),
        message=_id(headers.get("x-sluice-message", "")),
        task=_id(headers.get("x-sluice-task", "")),
        preset=_id(headers.get("x-sluice-model", "")),
        name=str(claims.get("name", "")).strip() if user else "",
        email=str(claims.get("email", "")).strip() if user else "",
    )


def _claims(token: str, secret: str) -> Mapping[str, object]:
    if not token or not secret:
        return {}
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "iss"]},
        )
    except jwt.PyJWTError:
        return {}


def _id(value: str) -> str:
    return value if ID.match(value) else ""


def _groups(value: str) -> frozenset[str]:
    return frozenset(group for group in (_id(part.strip()) for part in value.split(",")) if group)
