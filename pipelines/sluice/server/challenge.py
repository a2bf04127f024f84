"""The gateway's signature under a question to a person, so that only a question it asked can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass

import jwt

from sluice.errors import Refused
from sluice.guard import Conversation

SECONDS = 900  # a person may think about it for so long


@dataclass(frozen=True, slots=True)
class Challenge:
    """What somebody was asked in a chat: whether these attachments may go to models of this lane."""

    conversation: Conversation
    lane: str
    asks: Sequence[str]

    def signed(self, key: bytes, now: int) -> str:
        """Return it as a token that only the gateway can make; `now` is in seconds since 1970."""
        user, chat = self.conversation
        claims = {"sub": user, "chat": chat, "lane": self.lane, "asks": list(self.asks), "exp": now + SECONDS}
        return jwt.encode(claims, key, algorithm="HS256")


def challenge_in(token: str, key: bytes) -> Challenge:
    """Read a token. Raises Refused where the gateway did not sign it, or signed it too long ago."""
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["exp", "sub", "chat"]})
    except jwt.PyJWTError:
        raise Refused("This was not asked here, or too long ago. Send the message again.") from None
    return Challenge((claims["sub"], claims["chat"]), claims["lane"], claims["asks"])
