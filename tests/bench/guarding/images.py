"""What is read in pictures, and what of it is left when they leave, beside Tesseract where it is installed."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from PIL import Image
from sluice.chat import Call, read_call
from sluice.config.schema import Privacy
from sluice.errors import StaysLocal
from sluice.gateway import Exit
from sluice.guard import Guard, Policy, Rule, Terms, default_policy
from sluice.identity import Caller
from sluice.masking import Vault
from sluice.media import Images
from sluice.media.ocr import SURE, Reader

from tests.bench import figures
from tests.media import pictures
from tests.media.pictures import Drawn

Read = Callable[[Image.Image], str]
ANGLES = (0.0, 2.5, -1.5, 4.0)
_LEGIBLE = 0.6  # of a value's letters in a row are enough to call it left
_CALLER = Caller(user="bench", chat="bench")


def measure(number: int = 4) -> dict[str, Any]:
    """Figures for `number` drawn pictures of each kind, half of them photographed."""
    drawn = list(_drawn(number))
    readers = {"rapidocr": _rapidocr(), **({"tesseract": _tesseract} if shutil.which("tesseract") else {})}
    read = {name: _read(drawn, reader) for name, reader in readers.items()}
    if "tesseract" not in readers:
        read["tesseract"] = {"skipped": "it is not installed"}
    return {"pictures": len(drawn), "read": read, **asyncio.run(_leaving(drawn, tuple(readers.values())))}


def _drawn(number: int) -> Iterator[Drawn]:
    for kind, draw in pictures.KINDS.items():
        for seed in range(number):
            chance = random.Random(f"{kind} {seed}")
            one = draw(chance)
            yield pictures.photographed(one, chance, angle=ANGLES[seed % 4]) if seed % 2 else one


def _rapidocr() -> Read:
    reader = Reader()
    return lambda image: "\n".join(line.text for line in reader.lines(image) if line.score >= SURE)


def _tesseract(image: Image.Image) -> str:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        image.save(file.name)
        done = subprocess.run(["tesseract", file.name, "-"], capture_output=True, text=True, check=False)
    return done.stdout


def _read(drawn: Sequence[Drawn], read: Read) -> dict[str, Any]:
    read(drawn[0].image)  # loads the models
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for one in drawn:
        began = time.perf_counter()
        text = _squeezed(read(one.image))
        seconds = time.perf_counter() - began
        rows[one.name].append((_share(one.words, text), _share(one.values, text), seconds))
    every = [row for of_kind in rows.values() for row in of_kind]
    return {**_columns(every), "by_kind": {kind: _columns(of_kind) for kind, of_kind in rows.items()}}


def _columns(rows: Sequence[tuple[float, float, float]]) -> dict[str, float]:
    words, values, seconds = zip(*rows, strict=True)
    return {
        "words": round(statistics.mean(words), 3),
        "values": round(statistics.mean(values), 3),
        "seconds": round(statistics.mean(seconds), 2),
        "seconds_max": round(max(seconds), 2),
    }


def _share(wanted: Sequence[str], text: str) -> float:
    return statistics.mean(_squeezed(one) in text for one in wanted)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


async def _leaving(drawn: Sequence[Drawn], readers: Sequence[Read]) -> dict[str, Any]:
    """Every picture on its way out under a policy that masks even secrets and keeps no document, so that all leave."""
    policy: Policy = {
        **default_policy(),
        "secret": Rule("mask", "mask", "mask"),
        **dict.fromkeys(("confidential", "document"), Rule("allow", "allow", "allow")),
    }
    guard, images = Guard(lambda groups: policy), Images()
    await guard.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            vault = Vault(Path(folder))
            exit = Exit(lambda: guard, vault, Privacy, images)
            gone = [await _gone(exit, one, policy) for one in drawn]
            again = [await _gone(exit, one, policy) for one in drawn[:8]]
            vault.close()
        memory = _memory()
    finally:
        await images.close()
        await guard.close()
    seconds = [one[1] for one in gone]
    return {
        "leaving": {
            **_left([(one, image) for one, (image, _) in zip(drawn, gone, strict=True)], readers),
            "first": figures.spread(seconds),
            "repeated": figures.spread([one[1] for one in again]),
        },
        "memory_mib": memory,
    }


async def _gone(exit: Exit, drawn: Drawn, policy: Policy) -> tuple[Image.Image | None, float]:
    began = time.perf_counter()
    try:
        leaving = await exit.prepare(_call(drawn), _CALLER, Terms(target="picked"), policy)
    except StaysLocal:
        return None, time.perf_counter() - began
    seconds = time.perf_counter() - began
    return pictures.image_of(_url(leaving.call)), seconds


def _call(drawn: Drawn) -> Call:
    photo = "photographed" in drawn.name
    url = pictures.url_of(drawn.image, "JPEG", quality=80) if photo else pictures.url_of(drawn.image)
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    return read_call({"model": "sluice.cloud", "messages": [{"role": "user", "content": parts}]})


def _url(call: Call) -> str:
    (message,) = [one for one in call.messages if isinstance(one.get("content"), list)]
    return str(message["content"][1]["image_url"]["url"])


def _left(pairs: Sequence[tuple[Drawn, Image.Image | None]], readers: Sequence[Read]) -> dict[str, Any]:
    """How many values any of the readers can still make out in what left, and how much else it can."""
    values, left, words, stayed = 0, defaultdict(list), [], 0
    for drawn, image in pairs:
        values += len(drawn.values)
        if image is None:
            stayed += 1
            continue
        texts = [_squeezed(read(image)) for read in readers]
        left[drawn.name] += [value for value in drawn.values if any(_is_legible(value, text) for text in texts)]
        others = [word for word in drawn.words if not any(word in value for value in drawn.values)]
        words.append(_share(others, texts[0]))
    return {
        "values": values,
        "values_left": sum(map(len, left.values())),
        "left_by_kind": {kind: len(of_kind) for kind, of_kind in left.items() if of_kind},
        "pictures_kept_local": stayed,
        "other_words_still_legible": round(statistics.mean(words), 3) if words else 0.0,
    }


def _is_legible(value: str, text: str) -> bool:
    plain = _squeezed(value)
    longest = SequenceMatcher(None, plain, text, autojunk=False).find_longest_match()
    return longest.size >= _LEGIBLE * len(plain)


def _memory() -> Mapping[str, float]:
    sizes = sorted(
        figures.resident_mib(child)
        for child in figures.children(os.getpid())
        if "resource_tracker" not in figures.command(child)
    )
    return {"guard_worker": sizes[0], "image_worker": sizes[-1]} if len(sizes) > 1 else {}
