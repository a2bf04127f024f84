"""Have a local server turn speech into text, so that the guard can read what was said."""

import base64
import binascii

import httpx

from sluice.errors import StaysLocal
from sluice.upstream.address import resolves_private

_SECONDS = 120.0
_MAX_CHARACTERS = 200_000


async def transcript(data: str, format: str, address: str | None, *, seconds: float = _SECONDS) -> str:
    """Return what is said in a recording, base64-encoded, by the server with OpenAI's API at this address.

    Raises StaysLocal where nobody can tell.
    """
    if not address:
        raise StaysLocal(
            "a recording is attached, and no local transcriber is set up (privacy.transcriber in sluice.yaml) that"
            " could tell what is said in it"
        )
    if await resolves_private(address) is not True:
        raise StaysLocal("the transcriber is not on a private network, so the recording was not given to it")
    try:
        sound = base64.b64decode(data.partition(";base64,")[2] or data, validate=True)
    except (binascii.Error, ValueError):
        raise StaysLocal("the data of a recording is broken") from None
    return await _asked(sound, format, address, seconds)


async def _asked(sound: bytes, format: str, address: str, seconds: float) -> str:
    name = f"recording.{format if format.isalnum() else 'wav'}"
    try:
        # No proxy and no other address that the environment or an answer may name.
        async with httpx.AsyncClient(timeout=seconds, trust_env=False, follow_redirects=False) as client:
            answer = await client.post(
                f"{address.rstrip('/')}/audio/transcriptions",
                files={"file": (name, sound)},
                data={"model": "whisper-1", "response_format": "json"},
            )
            answer.raise_for_status()
            text = answer.json()["text"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        raise StaysLocal("the transcriber did not tell what is said in a recording") from None
    if not isinstance(text, str) or len(text) > _MAX_CHARACTERS:
        raise StaysLocal("the transcriber did not tell what is said in a recording")
    return text
