"""Plant freshly made secrets of many kinds in many contexts, and see whether each occurrence is covered in full."""

from __future__ import annotations

import base64
import json
import random
import string
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tests.bench.guarding.detectors import Spans
from tests.bench.guarding.metrics import covers, percent

_WORD = string.ascii_letters + string.digits
_URLSAFE = _WORD + "-_"
_HEX = "0123456789abcdef"
_BASE64 = _WORD + "+/"
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


@dataclass(frozen=True, slots=True)
class Secret:
    """What is planted: `text` as it stands, `value` the part of it that must be covered, `label` its usual name."""

    kind: str
    text: str
    value: str
    label: str
    bare: bool = True  # recognisable by its own form, so that it may stand without a name
    block: bool = False  # of several lines


@dataclass(frozen=True, slots=True)
class Case:
    """A secret in a context; every occurrence of `value` is to be covered."""

    kind: str
    context: str
    text: str
    value: str

    def occurrences(self) -> Iterator[tuple[int, int]]:
        start = self.text.find(self.value)
        while start >= 0:
            yield start, start + len(self.value)
            start = self.text.find(self.value, start + 1)

    def covered(self, find: Spans) -> bool:
        found = find(self.text)
        return all(covers(start, end, found) for start, end in self.occurrences())


def cases(number: int, seed: int = 41) -> Iterator[Case]:
    """Yield `number` cases of each kind in each context, always the same."""
    chance = random.Random(seed)
    for kind, make in KINDS.items():
        for context, place in CONTEXTS.items():
            for _ in range(number):
                placed = place(chance, make(chance, kind))
                if placed is not None:
                    yield Case(kind, context, *placed)


def measure(find: Spans, number: int) -> dict[str, Any]:
    """Share of cases that are covered in full, and the kinds and contexts where most are not."""
    missed: Counter[str] = Counter()
    contexts: Counter[str] = Counter()
    total = 0
    for case in cases(number):
        total += 1
        if not case.covered(find):
            missed[case.kind] += 1
            contexts[case.context] += 1
    return {
        "cases": total,
        "covered_percent": percent(total - missed.total(), total),
        "missed_by_kind": dict(missed.most_common(10)),
        "missed_by_context": dict(contexts.most_common(10)),
    }


def detect_secrets() -> Spans | None:
    """detect-secrets with its default plugins, line by line as it is meant; None where it is not installed."""
    try:
        from detect_secrets.core.scan import scan_line  # type: ignore[import-not-found, unused-ignore]
        from detect_secrets.settings import default_settings  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None

    def find(text: str) -> list[tuple[int, int]]:
        with default_settings():
            values = {found.secret_value for line in text.splitlines() for found in scan_line(line)}
        return [span for value in values if value for span in Case("", "", text, value).occurrences()]

    return find


def _any(chance: random.Random, alphabet: str, length: int) -> str:
    return "".join(chance.choice(alphabet) for _ in range(length))


def _token(pattern: Callable[[random.Random], str], label: str, *, bare: bool = True) -> Make:
    def make(chance: random.Random, kind: str) -> Secret:
        text = pattern(chance)
        return Secret(kind, text, text, label, bare)

    return make


def _url(pattern: Callable[[random.Random, str], str], label: str) -> Make:
    """A connection string of which the password is what must be covered."""

    def make(chance: random.Random, kind: str) -> Secret:
        password = _password(chance, "!_.~-")
        return Secret(kind, pattern(chance, password), password, label)

    return make


def _block(name: str, label: str) -> Make:
    def make(chance: random.Random, kind: str) -> Secret:
        body = base64.b64encode(chance.randbytes(chance.choice((560, 1190)))).decode()
        lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
        text = f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----"
        return Secret(kind, text, text, label, block=True)

    return make


def _storage(chance: random.Random, kind: str) -> Secret:
    key = f"{_any(chance, _BASE64, 86)}=="
    account = f"AccountName=store{chance.randint(1, 99)}"
    text = f"DefaultEndpointsProtocol=https;{account};AccountKey={key};EndpointSuffix=core.windows.net"
    return Secret(kind, text, key, "AZURE_STORAGE")


def _signed(chance: random.Random, kind: str) -> Secret:
    signature = f"{_any(chance, _WORD, 43)}%3D"
    text = f"https://st{_any(chance, _HEX, 4)}.blob.core.windows.net/c/f?sv=2023-11-03&sp=r&sig={signature}"
    return Secret(kind, text, signature, "SAS_URL")


def _password(chance: random.Random, signs: str = "!#$%&*?+-_") -> str:
    word = chance.choice(("Harbour", "kestrel", "Winter", "orchid", "Zephyr", "lantern", "Cobalt", "marzipan"))
    return f"{word}{chance.choice(signs)}{_any(chance, _WORD, 6)}{chance.randint(10, 99)}"


def _github(chance: random.Random) -> str:
    """The last six characters are the CRC-32 of the ones before, in base 62, as GitHub describes it."""
    body = _any(chance, _WORD, 30)
    rest, check = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        check = _BASE62[digit] + check
    return f"{chance.choice(('ghp_', 'gho_', 'ghs_'))}{body}{check}"


def _jwt(chance: random.Random) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    claims = {"sub": str(chance.randint(10**6, 10**7)), "iat": 1_740_000_000, "role": "admin"}
    header = json.dumps({"alg": "HS256", "typ": "JWT"}).encode()
    return ".".join((part(header), part(json.dumps(claims).encode()), part(chance.randbytes(32))))


Make = Callable[[random.Random, str], Secret]
KINDS: Mapping[str, Make] = MappingProxyType(
    {
        "aws key id": _token(lambda c: "AKIA" + _any(c, string.ascii_uppercase + "234567", 16), "AWS_ACCESS_KEY_ID"),
        "aws secret": _token(lambda c: _any(c, _BASE64, 40), "AWS_SECRET_ACCESS_KEY", bare=False),
        "github": _token(_github, "GITHUB_TOKEN"),
        "github fine-grained": _token(lambda c: f"github_pat_{_any(c, _WORD, 22)}_{_any(c, _WORD, 59)}", "GH_TOKEN"),
        "gitlab": _token(lambda c: f"glpat-{_any(c, _URLSAFE, 20)}", "GITLAB_TOKEN"),
        "openai": _token(
            lambda c: f"sk-proj-{_any(c, _URLSAFE, 74)}T3BlbkFJ{_any(c, _URLSAFE, 73)}a", "OPENAI_API_KEY"
        ),
        "openai, older": _token(lambda c: f"sk-{_any(c, _WORD, 20)}T3BlbkFJ{_any(c, _WORD, 20)}", "OPENAI_API_KEY"),
        "anthropic": _token(lambda c: f"sk-ant-api03-{_any(c, _URLSAFE, 93)}AA", "ANTHROPIC_API_KEY"),
        "google": _token(lambda c: f"AIza{_any(c, _URLSAFE, 34)}k", "GOOGLE_API_KEY"),
        "google oauth": _token(lambda c: f"GOCSPX-{_any(c, _URLSAFE, 27)}x", "GOOGLE_CLIENT_SECRET"),
        "slack": _token(
            lambda c: f"xoxb-{_any(c, string.digits, 12)}-{_any(c, string.digits, 13)}-{_any(c, _WORD, 24)}",
            "SLACK_BOT_TOKEN",
        ),
        "slack webhook": _token(
            lambda c: (
                "https://hooks.slack.com/services/"
                f"T{_any(c, string.ascii_uppercase, 8)}/B{_any(c, string.ascii_uppercase, 10)}/{_any(c, _WORD, 24)}"
            ),
            "SLACK_WEBHOOK",
        ),
        "stripe": _token(lambda c: f"{c.choice(('sk_live_', 'rk_live_'))}{_any(c, _WORD, 24)}", "STRIPE_SECRET_KEY"),
        "twilio": _token(lambda c: f"SK{_any(c, _HEX, 32)}", "TWILIO_API_KEY"),
        "sendgrid": _token(lambda c: f"SG.{_any(c, _URLSAFE, 21)}w.{_any(c, _URLSAFE, 42)}Q", "SENDGRID_API_KEY"),
        "npm": _token(lambda c: f"npm_{_any(c, _WORD, 36)}", "NPM_TOKEN"),
        "pypi": _token(lambda c: f"pypi-AgEIcHlwaS5vcmc{_any(c, _URLSAFE, 90)}A", "PYPI_TOKEN"),
        "hugging face": _token(lambda c: f"hf_{_any(c, string.ascii_letters, 34)}", "HF_TOKEN"),
        "digitalocean": _token(lambda c: f"dop_v1_{_any(c, _HEX, 64)}", "DIGITALOCEAN_TOKEN"),
        "docker hub": _token(lambda c: f"dckr_pat_{_any(c, _URLSAFE, 26)}z", "DOCKER_TOKEN"),
        "databricks": _token(lambda c: f"dapi{_any(c, _HEX, 32)}", "DATABRICKS_TOKEN"),
        "telegram": _token(lambda c: f"{c.randint(10**9, 7 * 10**9)}:AA{_any(c, _URLSAFE, 32)}m", "TELEGRAM_BOT_TOKEN"),
        "vault": _token(lambda c: f"hvs.{_any(c, _URLSAFE, 94)}g", "VAULT_TOKEN"),
        "jwt": _token(_jwt, "ACCESS_TOKEN"),
        "azure client secret": _token(
            lambda c: f"{_any(c, _WORD, 3)}8Q~{_any(c, _URLSAFE, 33)}d", "AZURE_CLIENT_SECRET"
        ),
        "hex key": _token(lambda c: _any(c, _HEX, 40), "API_SECRET", bare=False),
        "random key": _token(lambda c: _any(c, _WORD, 32), "SECRET_KEY", bare=False),
        "password": _token(_password, "DB_PASSWORD", bare=False),
        "rsa key": _block("RSA PRIVATE KEY", "PRIVATE_KEY"),
        "openssh key": _block("OPENSSH PRIVATE KEY", "SSH_KEY"),
        "pkcs8 key": _block("PRIVATE KEY", "TLS_KEY"),
        "postgres": _url(
            lambda c, p: f"postgresql://svc_{_any(c, _HEX, 4)}:{p}@db-3.internal:5432/app", "DATABASE_URL"
        ),
        "mongodb": _url(lambda c, p: f"mongodb+srv://app:{p}@cluster0.ab1cd.mongodb.net/prod", "MONGO_URL"),
        "redis": _url(lambda c, p: f"redis://:{p}@10.0.3.7:6379/0", "REDIS_URL"),
        "odbc": _url(
            lambda c, p: (
                f"Driver={{ODBC Driver 18 for SQL Server}};Server=sql1;Database=hr;Uid=svc;Pwd={p};Encrypt=yes"
            ),
            "ODBC_DSN",
        ),
        "azure storage": _storage,
        "replicate": _token(lambda c: f"r8_{_any(c, _WORD, 37)}", "REPLICATE_API_TOKEN"),
        "shopify": _token(lambda c: f"shpat_{_any(c, _HEX, 32)}", "SHOPIFY_TOKEN"),
        "azure sas": _signed,
        "license key": _token(
            lambda c: "-".join(_any(c, string.ascii_uppercase + string.digits, 5) for _ in range(5)),
            "LICENSE_KEY",
            bare=False,
        ),
        "mysql": _url(lambda c, p: f"mysql+pymysql://root:{p}@127.0.0.1:3306/shop?charset=utf8mb4", "SQLALCHEMY_URI"),
        "amqp": _url(lambda c, p: f"amqps://worker:{p}@mq.internal/%2Fjobs", "BROKER_URL"),
        "jdbc": _url(
            lambda c, p: f"jdbc:sqlserver://sql1.internal:1433;databaseName=hr;user=svc;password={p};encrypt=true",
            "JDBC_URL",
        ),
        "ado": _url(
            lambda c, p: f"Data Source=sql1;Initial Catalog=hr;User ID=svc;Password={p};Connect Timeout=30",
            "CONNECTION",
        ),
        "basic auth": _url(lambda c, p: f"https://deploy:{p}@git.example.com/app.git", "REPO_URL"),
    }
)

# The text, and the value as it stands there; none where nothing of this kind would stand in such a place.
Place = Callable[[random.Random, Secret], tuple[str, str] | None]


def _line(template: str) -> Place:
    """A context of text in which {label}, {LABEL} and {secret} are filled in."""

    def place(_: random.Random, secret: Secret) -> tuple[str, str]:
        words = {"LABEL": secret.label, "label": secret.label.lower(), "secret": secret.text}
        words["named"] = secret.label.lower().replace("_", " ")
        text = template
        for name, word in words.items():
            text = text.replace("{" + name + "}", word)
        return text, secret.value

    return place


def _json(_: random.Random, secret: Secret) -> tuple[str, str]:
    body = {"region": "eu-west-1", "retries": 3, secret.label.lower(): secret.text, "debug": False}
    return json.dumps(body, indent=2), json.dumps(secret.value)[1:-1]


def _yaml(_: random.Random, secret: Secret) -> tuple[str, str]:
    if not secret.block:
        return f"service:\n  replicas: 2\n  {secret.label.lower()}: {secret.text}\n  port: 8080\n", secret.value
    lines = secret.text.replace("\n", "\n    ")
    return f"service:\n  {secret.label.lower()}: |\n    {lines}\n  port: 8080\n", lines


def _call(_: random.Random, secret: Secret) -> tuple[str, str]:
    quote = '"""' if secret.block else '"'
    name = "" if secret.bare else f"{secret.label.lower()}="
    return f"client = Client({name}{quote}{secret.text}{quote})\nprint(client.items()[:3])\n", secret.value


def _header(_: random.Random, secret: Secret) -> tuple[str, str]:
    if secret.block:
        return f"POST /keys HTTP/1.1\nContent-Type: application/x-pem-file\n\n{secret.text}\n", secret.value
    if secret.bare and secret.text == secret.value and "//" not in secret.text:
        return f"curl -s -H 'Authorization: Bearer {secret.text}' https://api.example.com/v2/me | jq .", secret.value
    name = secret.label.replace("_", "-").title()
    return f"curl -s -H 'X-{name}: {secret.text}' https://api.example.com/v2/me | jq .", secret.value


def _escaped(_: random.Random, secret: Secret) -> tuple[str, str]:
    text = secret.text.replace("\n", "\\n")
    return f'export {secret.label}="{text}"\n./run.sh --verbose\n', secret.value.replace("\n", "\\n")


def _twice(chance: random.Random, secret: Secret) -> tuple[str, str]:
    """The second occurrence stands far from the first, and behind another secret."""
    other = f"GITHUB_TOKEN={_github(chance)}"
    filler = "The job worked until Friday, then somebody rotated the runners.\n" * 4
    text = f"# staging\n{secret.label}={secret.text}\n{filler}{other}\n# prod\n{secret.label}={secret.text}\n"
    return text, secret.value


def _bare(_: random.Random, secret: Secret) -> tuple[str, str] | None:
    return (secret.text, secret.value) if secret.bare else None


def _address(_: random.Random, secret: Secret) -> tuple[str, str] | None:
    if secret.block or secret.text != secret.value or "://" in secret.text:
        return None
    value = quote(secret.text, safe="")
    return f"GET https://api.example.com/v2/items?page=2&{secret.label.lower()}={value}&sort=asc HTTP/1.1", value


def _quoted_mail(_: random.Random, secret: Secret) -> tuple[str, str]:
    text = f"The {secret.label.lower().replace('_', ' ')} you asked for:\n{secret.text}\n\nBest\nRobin"
    quoted = "> " + text.replace("\n", "\n> ")
    return f"Thanks, that works now.\n\nOn Tue, 3 Jun 2025, Robin wrote:\n{quoted}\n", secret.value.replace(
        "\n", "\n> "
    )


def _change(_: random.Random, secret: Secret) -> tuple[str, str]:
    mark = '"""' if secret.block else "'"
    added = f"{secret.label} = {mark}{secret.text}{mark}".replace("\n", "\n+")
    text = f"--- a/settings.py\n+++ b/settings.py\n@@ -3,2 +3,2 @@\n DEBUG = False\n-{secret.label} = None\n+{added}\n"
    return text, secret.value.replace("\n", "\n+")


def _markup(_: random.Random, secret: Secret) -> tuple[str, str]:
    name = secret.label.lower()
    return f"<config>\n  <{name}>{escape(secret.text)}</{name}>\n</config>\n", escape(secret.value)


CONTEXTS: Mapping[str, Place] = MappingProxyType(
    {
        "env file": _line("DEBUG=0\n{LABEL}={secret}\nPORT=8080\n"),
        "json": _json,
        "yaml": _yaml,
        "call": _call,
        "header": _header,
        "shell": _escaped,
        "prose": _line("Hi, the deployment fails. The {named} is {secret} and I use the default region. Any idea?"),
        "note": _line("Onboarding notes\n- {named}: {secret}\n- ask Robin for the badge\n"),
        "table": _line("| setting | value |\n|---|---|\n| {label} | {secret} |\n| region | eu-west-1 |\n"),
        "log": _line("2025-06-02T10:22:01Z ERROR worker-7 startup failed {label}={secret}\nTraceback follows\n"),
        "flag": _line("docker run --rm -e REGION=eu -e {LABEL}={secret} registry.example.com/app:1.4\n"),
        "twice": _twice,
        "bare": _bare,
        "url": _address,
        "quoted mail": _quoted_mail,
        "diff": _change,
        "xml": _markup,
        "ini": _line("[service]\nregion = eu-west-1\n{label} = {secret}\ntimeout = 30\n"),
        "markdown": _line("Set it like this:\n\n```bash\nexport {LABEL}='{secret}'\nmake deploy\n```\n"),
        "chat": _line("[10:41] robin: what is the {named}?\n[10:42] kim: {named} is {secret}\n[10:42] robin: thx\n"),
        "option": _line("./deploy --region eu --{label} '{secret}' --force\n"),
        "german": _line("Hallo, die Zugangsdaten: {LABEL}: {secret}\nViele Grüße, Kim\n"),
    }
)
