"""What routing may know of a model: where it is, what it can do, whether it can be used now."""

from dataclasses import dataclass

from sluice.config.schema import Location, Role


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deployment as routing sees it. `window` counts tokens of prompt and answer together.

    Prices are in USD per million tokens; what is None is not known.
    """

    name: str
    title: str  # as shown to people
    location: Location  # as proven, not as declared
    roles: tuple[Role, ...] = ()
    window: int = 8192
    sees_images: bool = False
    reads: frozenset[str] = frozenset()  # other media than images: audio, video, file
    calls_tools: bool = True
    unavailable: str = ""  # why it cannot be used; empty when it can
    input_price: float | None = None
    output_price: float | None = None
    first_token_seconds: float | None = None  # as observed
    tokens_per_second: float | None = None  # as observed
    loaded: bool | None = None  # in memory, so that nothing has to be swapped; None where nobody says
    waiting: int = 0  # calls in line for its server
