"""Pictures of letters, screens, cards, code and tables, drawn for tests and benches, with what stands in them."""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
FACES = MappingProxyType(
    {
        "sans": ("LiberationSans-Regular.ttf", "DejaVuSans.ttf"),
        "serif": ("LiberationSerif-Regular.ttf", "DejaVuSerif.ttf"),
        "mono": ("NotoSansMono-Regular.ttf", "DejaVuSansMono.ttf", "LiberationMono-Regular.ttf"),
    }
)


@dataclass(frozen=True)
class Drawn:
    """A picture, all words in it, and the values in it that must not leave."""

    name: str
    image: Image.Image
    words: tuple[str, ...]
    values: tuple[str, ...]


def font(face: str, size: int) -> Font:
    """A face of the machine, or the one that Pillow carries."""
    for name in FACES[face]:
        for folder in FOLDERS:
            if path := next(iter(sorted(folder.rglob(name))), None):
                return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)


def written(
    lines: Sequence[str],
    *,
    face: str = "sans",
    size: int = 22,
    ink: str = "black",
    paper: str = "white",
    width: int = 1000,
) -> Image.Image:
    """Lines of text on a page."""
    # At least so high, since a strip is enlarged a lot before it is read.
    image = Image.new("RGB", (width, max(width // 2, 60 + int(len(lines) * size * 1.6))), paper)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((40, 30 + int(number * size * 1.6)), line, fill=ink, font=font(face, size))
    return image


def letter(chance: random.Random, size: int = 22, face: str = "serif") -> Drawn:
    who, iban, phone = _person(chance), _iban(chance), _phone(chance)
    mail = f"{who.split()[0].lower()}.{who.split()[-1].lower()}@{chance.choice(_HOSTS)}"
    street = f"{chance.randrange(2, 190)} {chance.choice(_STREETS)}"
    lines = (
        who, street, "Bristol BS1 4DJ", "",
        "Dear Sir or Madam,", "",
        "I am writing about the invoice that reached me last week. The amount",
        f"was taken twice from my account {iban}.",
        f"Please send the difference back and confirm it to {mail}",
        f"or call me on {phone} after five o'clock.", "",
        "Yours faithfully,", who,
    )  # fmt: skip
    return _drawn("letter", written(lines, face=face, size=size), lines, (who, street, iban, mail, phone))


def screen(chance: random.Random, size: int = 16) -> Drawn:
    """A dark window of a ticket system."""
    who, ip = _person(chance), f"81.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    mail = f"{who.split()[-1].lower()}{chance.randrange(90)}@{chance.choice(_HOSTS)}"
    lines = (
        f"Ticket #{chance.randrange(10000, 99999)}   Status: Open   Priority: High",
        f"Reporter: {who} <{mail}>",
        "Subject: Cannot sign in since the update",
        "",
        "The page says 'session expired' every time. Cookies are enabled",
        f"and the same happens in another browser. My address is {ip}.",
        "Attached is the log of this morning.",
    )
    return _drawn("screen", written(lines, size=size, ink="#d8dee9", paper="#1f232b"), lines, (who, mail, ip))


def card(chance: random.Random) -> Drawn:
    """An identity card: small labels above larger values, on a coloured ground."""
    who, number = _person(chance), f"L{chance.randrange(10**7, 10**8)}"
    born = f"{chance.randrange(1, 29):02}.{chance.randrange(1, 13):02}.{chance.randrange(1950, 2003)}"
    rows = (("Surname", who.split()[-1].upper()), ("Given names", who.split()[0].upper()), ("Date of birth", born),
            ("Card number", number))  # fmt: skip
    image = Image.new("RGB", (860, 540), "#dfe9ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 110, 270, 430), fill="#b9c7ce")
    draw.text((40, 30), "IDENTITY CARD", fill="#22465a", font=font("sans", 34))
    for at, (label, value) in enumerate(rows):
        draw.text((320, 110 + at * 95), label, fill="#5a7380", font=font("sans", 16))
        draw.text((320, 132 + at * 95), value, fill="#101c22", font=font("sans", 30))
    words = ("IDENTITY CARD", *(part for row in rows for part in row))
    return _drawn("card", image, words, (who.split()[-1].upper(), born, number))


def code(chance: random.Random, size: int = 15) -> Drawn:
    """A dark editor with keys in it."""
    key = "AKIA" + "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ234567", k=16))
    token = "ghp_" + "".join(chance.choices(_BASE62, k=36))
    lines = (
        "import boto3",
        "",
        "client = boto3.client(",
        '    "s3",',
        f'    aws_access_key_id="{key}",',
        '    region_name="eu-central-1",',
        ")",
        "",
        "def upload(path: str, bucket: str) -> None:",
        "    with open(path, 'rb') as source:",
        "        client.upload_fileobj(source, bucket, path)",
        "",
        f"GITHUB_TOKEN = '{token}'",
    )
    return _drawn("code", written(lines, face="mono", size=size, ink="#dcdcaa", paper="#1e1e1e"), lines, (key, token))


def table(chance: random.Random) -> Drawn:
    """A sheet with ruled cells."""
    head = ("Customer", "E-mail", "Phone", "Balance")
    people = [_person(chance) for _ in range(6)]
    rows = [
        (
            who,
            f"{who.split()[0].lower()}@{chance.choice(_HOSTS)}",
            _phone(chance),
            f"{chance.randrange(10, 9999)}.{chance.randrange(10, 99)}",
        )
        for who in people
    ]
    image = Image.new("RGB", (1180, 60 + 44 * (len(rows) + 1)), "white")
    draw = ImageDraw.Draw(image)
    for at, row in enumerate((head, *rows)):
        for column, text in enumerate(row):
            left = (30, 300, 680, 960)[column]
            draw.rectangle((left - 8, 30 + at * 44, (292, 672, 952, 1150)[column], 74 + at * 44), outline="#999999")
            draw.text((left, 39 + at * 44), text, fill="black", font=font("sans", 20))
    values = tuple(value for row in rows for value in row[:3])
    return _drawn("table", image, [text for row in (head, *rows) for text in row], values)


KINDS: Mapping[str, Callable[[random.Random], Drawn]] = MappingProxyType(
    {
        "letter": letter,
        "small letter": lambda chance: letter(chance, 13, "sans"),
        "screen": screen,
        "small screen": lambda chance: screen(chance, 12),
        "card": card,
        "code": code,
        "table": table,
    }
)


def photographed(drawn: Drawn, chance: random.Random, *, angle: float = 0.0, quality: int = 45) -> Drawn:
    """The page as a telephone sees it: turned a little, uneven light, noise, soft, and compressed."""
    image = drawn.image.convert("RGB")
    if angle:
        image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="#8a8178")
    shade = Image.linear_gradient("L").resize(image.size).point(lambda light: 120 + light // 2)
    image = Image.composite(image, Image.new("RGB", image.size, "#5b5550"), shade)
    noise = Image.effect_noise(image.size, 30).convert("RGB")
    image = Image.blend(image, noise, 0.12).filter(ImageFilter.GaussianBlur(0.6))
    return replace(drawn, name=f"{drawn.name}, photographed", image=compressed(image, quality))


def compressed(image: Image.Image, quality: int) -> Image.Image:
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=quality)
    return Image.open(stored).convert("RGB")


def url_of(image: Image.Image, format: str = "PNG", **options: object) -> str:
    """The picture as the `data:` URL in which Open WebUI sends it."""
    stored = io.BytesIO()
    image.save(stored, format, **options)
    return f"data:image/{format.lower()};base64,{base64.b64encode(stored.getvalue()).decode()}"


def image_of(url: str) -> Image.Image:
    """The picture behind a `data:` URL."""
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


_FIRST = ("Hannah", "Marcus", "Olivia", "Dennis", "Sylvia", "Gordon", "Teresa", "Walter", "Brenda", "Oscar", "Miriam")
_LAST = ("Whitfield", "Okonkwo", "Lindgren", "Pemberton", "Castellano", "Drummond", "Haverkamp", "Novotny", "Sorensen")
_HOSTS = ("example.org", "mail.example.com", "northbank.example", "post.example.net")
_STREETS = ("Marlowe Road", "Station Street", "Kingsway", "Orchard Lane", "Cathedral Close")
_BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _drawn(name: str, image: Image.Image, lines: Sequence[str], values: Sequence[str]) -> Drawn:
    words = tuple(word.strip("\"'(),.<>:;=") for line in lines for word in line.split())
    return Drawn(name, image, tuple(word for word in words if len(word) > 1), tuple(values))


def _person(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"


def _phone(chance: random.Random) -> str:
    return f"+44 117 {chance.randrange(496, 497)} 0{chance.randrange(100, 999)}"


def _iban(chance: random.Random) -> str:
    account = f"{chance.randrange(10**17, 10**18)}"
    check = 98 - int(f"{account}131400") % 97
    plain = f"DE{check:02}{account}"
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
