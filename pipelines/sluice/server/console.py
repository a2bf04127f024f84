"""The console's page and assets, as files that a browser keeps and asks after."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).resolve().parents[1] / "console"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
HEADERS = {
    # Nothing inline and nothing from elsewhere; the styles that the chart library sets are set by script, not markup.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    # Asked after at each load, so that page and assets are always of one version.
    "cache-control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page, with the mark by which a browser knows that it has it."""

    content: bytes = field(repr=False)
    type: str
    mark: str


def assets(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """Read every file that a browser may have, by its path within the folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in TYPES]
    return {path.relative_to(folder).as_posix(): _asset(path) for path in files}


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, TYPES[path.suffix], f'"{hashlib.sha256(content).hexdigest()[:32]}"')


class Console:
    """The page's routes. It holds no figures: those come from the usage API, which asks who wants them."""

    def __init__(self) -> None:
        self._assets = assets()

    def routes(self) -> list[Route]:
        return [
            Route("/sluice/console/", self._page),
            Route("/sluice/console/assets/{path:path}", self._part),
        ]

    async def _page(self, request: Request) -> Response:
        return self._answer(request, "index.html")

    async def _part(self, request: Request) -> Response:
        return self._answer(request, request.path_params["path"])

    def _answer(self, request: Request, path: str) -> Response:
        asset = self._assets.get(path)
        if asset is None:
            return Response(status_code=404)
        headers = {**HEADERS, "etag": asset.mark}
        if request.headers.get("if-none-match") == asset.mark:
            return Response(status_code=304, headers=headers)
        return Response(asset.content, media_type=asset.type, headers=headers)
