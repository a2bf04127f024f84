"""Who asks a route of ours, and whether they may: read from the signed token, never from the body."""

from dataclasses import dataclass, field

from starlette.requests import Request

from sluice.errors import Refused
from sluice.identity import Caller, identify


@dataclass(frozen=True, slots=True)
class Callers:
    """Reads callers from tokens signed with this secret."""

    secret: str = field(repr=False)

    def of(self, request: Request) -> Caller:
        """Return who asks, which may be nobody known."""
        return identify(request.headers, self.secret)

    def known(self, request: Request) -> Caller:
        """Return who asks; raises Refused where nobody proved it."""
        caller = self.of(request)
        if not caller.is_known:
            raise Refused("Nobody proved who asks. Open WebUI sends a signed token with each call.")
        return caller

    def admin(self, request: Request) -> Caller:
        """Return the admin who asks; raises Refused for anybody else."""
        caller = self.known(request)
        if caller.role != "admin":
            raise Refused("Only an admin may see this.")
        return caller
