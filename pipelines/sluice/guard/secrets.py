"""Find keys, passwords and other secrets by how they are written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding


@dataclass(frozen=True, slots=True)
class Secret:
    """A way of writing a secret; a group named `value` or `quoted`, where there is one, is what is secret.

    `needs` are lower-case strings of which one stands in every match: the cheap test that spares
    most texts the search. `accepts` looks at the value (or at the group `check`), because after
    `password=` there may also stand a placeholder or code.
    """

    type: str
    name: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    score: float = 1.0
    accepts: Callable[[str], object] | None = None


_NOT_A_VALUE = re.compile(
    r"""(?:
        [*xX.•…\-_#?]+                                         # blanked out
      | \$?\{.*|\$\(.*|%\w+%|\$[A-Za-z_]\w*|<.*|\[.*             # to be filled in
      | (?:none|null|nil|true|false|undefined|str|string|bytes|bool|int|integer|float|any|optional|object|self|required
          |text|number|type|value|values|password|passwd|passphrase|secret|token|key|here|example|placeholder|redacted
          |hidden|empty|unknown|default|input|prompt|changed|wrong|correct|incorrect|invalid|valid|stored|used|sent
          |not|the|this|that|your|also|very|too|only|always|never|being|missing|case|long|short|weak|strong|safe|secure
          |encrypted|hashed|expired|reset|shared|protected|given|needed|set|at|least|random|pass|changeme|dummy|foobar|todo
          |tbd|n/a)[.,;:!?)]*
      | (?:your|my|some|the|an?|insert|enter|put|change|replace)[-_ ].*   # your-api-key, change-me, my_password
      | \w*(?:os\.environ|getenv|process\.env|getpass|config|settings|secrets?\.|env\.|vault).*
      | .*%[sdr({].*
      | [A-Za-z_][\w.]*\(.*                                     # a call: read_token(
      | [a-z_]+(?:\.[A-Za-z_]\w*)+                              # an attribute: settings.password
      )""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TYPE = r"(?:[A-Z]+[a-z]+){2,}"
_TYPE_NAME = re.compile(_TYPE)
_WORD_OR_NAME = re.compile(rf"[A-Za-z]?[a-z_]*[.,;:!?)]*|[A-Z_]+|{_TYPE}")


def _is_value(value: str) -> bool:
    """Tell a value from a placeholder and from a reference to one."""
    return not _NOT_A_VALUE.fullmatch(value)


def _is_password(value: str) -> bool:
    """Want more than a plain word or a variable's name, for prose and code are full of them."""
    return _is_value(value) and not _WORD_OR_NAME.fullmatch(value)


def _is_literal(value: str) -> bool:
    """Take a plain word too, for where it stands no variable can; only a type's name may."""
    return _is_value(value) and not _TYPE_NAME.fullmatch(value)


def _is_key(value: str) -> bool:
    """Want letters and digits, at least eight: `token_limit: 4096` and `token = access` are no keys."""
    return (
        len(value) >= 8
        and _is_value(value)
        and any(character.isdigit() for character in value)
        and any(character.isalpha() for character in value)
    )


def _key(name: str, pattern: str, *needs: str, type: str = "API_KEY") -> Secret:
    """A key that its first letters give away, taken to its end and only from a fresh start."""
    return Secret(type, name, needs, re.compile(rf"(?<![A-Za-z0-9]){pattern}"))


_WORD = r"[A-Za-z0-9_\-]"
# What may stand between the name of a secret and its value: `:`, `=`, `=>`, `:=`, quotes and brackets.
_SEPARATOR = r"""(?:[_\-][A-Za-z0-9_]{1,20}|\d{1,3})?\\?["'`*\]]{0,4}[ \t]{0,4}(?:[:=]{1,3}>?|=>|<-)[ \t]{0,4}"""
_QUOTED = r"""[bfru]{0,2}\\?["'`](?P<quoted>[^"'`\r\n\\]{4,200})\\?["'`]"""
_BARE = r"""(?P<value>[^\s"'`,;|<>{}()\[\]\\]{4,200})"""
_NAME_OF_IT = (
    r"(?:pass(?:word|wd|phrase|code)|(?<![a-z])pass|(?:db|user|pg|smtp|root|admin)_?pass|pwd|passwort|mot de passe"
    r"|contraseña|wachtwoord)"
)
_NAME_OF_KEY = (
    r"(?:secret|token|credentials?"
    r"|(?:api|access|auth|account|secret|private|signing|encryption|client|shared|master|service)[ _\-.]{0,2}key)"
)
_NEEDED_FOR_PASSWORD = ("pass", "pwd", "contrase", "wachtwoord")
_NEEDED_FOR_KEY = ("secret", "token", "credential", "key")

SECRETS: tuple[Secret, ...] = (
    Secret(
        "PRIVATE_KEY",
        "private key block, to its end or, where it is cut off, to the end of the text",
        ("private key",),
        re.compile(
            r"-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:[\s\S]*?-----END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*\Z)"
        ),
    ),
    Secret(
        "PRIVATE_KEY",
        "PuTTY private key",
        ("putty-user-key-file",),
        re.compile(r"PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-MAC: ?[0-9a-f]+|\Z)"),
    ),
    _key("age", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}", "age-secret-key-1", type="PRIVATE_KEY"),
    _key("Anthropic", rf"sk-ant-{_WORD}{{16,}}", "sk-ant-"),
    _key("OpenAI and those who write keys like it", rf"sk-(?!ant-){_WORD}{{20,}}", "sk-"),
    _key("GitHub", r"gh[pousr]_[A-Za-z0-9]{30,}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _key("GitHub, fine-grained", r"github_pat_[A-Za-z0-9_]{40,}", "github_pat_"),
    _key("GitLab", rf"gl(?:pat|ptt|dt|rt|cbt|ft|soat|oas)-{_WORD}{{16,}}", "gl"),
    _key(
        "AWS access key id",
        r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        "akia",
        "asia",
        "abia",
        "acca",
        type="CLOUD_KEY",
    ),
    Secret(
        "CLOUD_KEY",
        "AWS secret access key",
        ("aws",),
        re.compile(
            r"(?i:aws)[\w .\-]{0,30}?(?i:secret|key)[\w .\-]{0,20}"
            r"""["'`]{0,2}[ \t]{0,4}[:=>]{0,3}[ \t]{0,4}["'`]{0,2}(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"""
        ),
    ),
    _key("Google", rf"AIza{_WORD}{{35}}", "aiza"),
    _key("Google OAuth client", rf"GOCSPX-{_WORD}{{20,}}", "gocspx-"),
    _key("Google OAuth token", rf"ya29\.{_WORD}{{20,}}", "ya29."),
    _key("Slack", r"xox[abeoprs]-[A-Za-z0-9\-]{10,}", "xox"),
    _key("Slack app", r"xapp-[A-Za-z0-9\-]{20,}", "xapp-"),
    _key(
        "Stripe",
        r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}",
        "_live_",
        "_test_",
        "whsec_",
    ),
    _key("Twilio", r"(?:SK|AC)[0-9a-f]{32}(?![0-9A-Za-z])", "sk", "ac"),
    _key("SendGrid", rf"SG\.{_WORD}{{16,}}\.{_WORD}{{16,}}", "sg."),
    _key("Mailgun", r"key-[0-9a-f]{32}(?![0-9A-Za-z])", "key-"),
    _key("Mailchimp", r"[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z])", "-us"),
    _key("npm", r"npm_[A-Za-z0-9]{30,}", "npm_"),
    _key("PyPI", rf"pypi-{_WORD}{{50,}}", "pypi-"),
    _key("Hugging Face", r"hf_[A-Za-z0-9]{30,}", "hf_"),
    _key("DigitalOcean", r"do[opr]_v1_[0-9a-f]{60,}", "_v1_"),
    _key("Shopify", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shp"),
    _key("Databricks", r"dapi[0-9a-f]{32}(?:-\d)?", "dapi"),
    _key("Vault", rf"hv[sbr]\.{_WORD}{{20,}}", "hvs.", "hvb.", "hvr."),
    _key(
        "Groq, xAI, Perplexity, Replicate",
        r"(?:gsk_|xai-|pplx-|r8_)[A-Za-z0-9]{30,}",
        "gsk_",
        "xai-",
        "pplx-",
        "r8_",
    ),
    _key(
        "Linear, Notion, Figma, Postman, Doppler",
        rf"(?:lin_api_|ntn_|figd_|PMAK-|dp\.pt\.){_WORD}{{20,}}",
        "lin_api_",
        "ntn_",
        "figd_",
        "pmak-",
        "dp.pt.",
    ),
    _key("Atlassian", rf"ATATT3{_WORD}{{20,}}={{0,2}}(?:[0-9A-F]{{8}})?", "atatt3"),
    _key("Telegram bot", rf"\d{{8,10}}:AA{_WORD}{{33}}(?!{_WORD})", ":aa"),
    _key("Discord bot", rf"[MNO][A-Za-z0-9_\-]{{23,27}}\.{_WORD}{{6}}\.{_WORD}{{27,45}}", "."),
    _key("Square", rf"(?:sq0(?:atp|csp)-|EAAA){_WORD}{{22,}}", "sq0", "eaaa"),
    _key("JSON web token", rf"eyJ{_WORD}{{8,}}\.eyJ{_WORD}{{8,}}(?:\.{_WORD}*)?", "eyj", type="JWT"),
    Secret(
        "CLOUD_KEY",
        "Azure storage account key or shared access signature",
        ("accountkey", "sharedaccesskey", "sig="),
        re.compile(
            r"(?:(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,}={0,2})"
            r"|[?&]sig=(?P<quoted>[A-Za-z0-9%+/]{30,}={0,2}))",
            re.IGNORECASE,
        ),
    ),
    Secret(
        "WEBHOOK",
        "address of a webhook, which whoever knows may post to",
        ("hooks.slack.com", "/api/webhooks/", "webhook.office.com"),
        re.compile(
            r"https://(?:hooks\.slack\.com/(?:services|workflows)/[\w/]{20,}"
            r"|(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w\-]{20,}"
            r"|[\w\-]+\.webhook\.office\.com/\S{20,})"
        ),
    ),
    Secret(
        "CONNECTION_STRING",
        "address with a user's password in it",
        ("://",),
        re.compile(
            r"""\b[a-z][a-z0-9+.\-]{1,30}://[^\s:/?#@"'<>]{0,100}:(?P<check>[^\s/"'<>]{1,200})@[^\s"'<>`)]{1,300}""",
            re.IGNORECASE,
        ),
        accepts=_is_value,
    ),
    Secret(
        "BEARER_TOKEN",
        "Authorization header",
        ("authorization", "bearer", "x-api-key", "basic "),
        re.compile(
            r"""(?:authorization["'`]{0,2}[ \t]{0,3}[:=,][ \t]{0,3}(?:f?["'`])?"""
            r"""(?:(?:bearer|basic|token|apikey)[ \t]{1,3})?"""
            r"""|x-api-key["'`]{0,2}[ \t]{0,3}[:=,][ \t]{0,3}["'`]?|\b(?:bearer|basic)[ \t]{1,3})"""
            r"(?P<value>[A-Za-z0-9._~+/\-]{16,}={0,2})",
            re.IGNORECASE,
        ),
        score=0.9,
        accepts=_is_key,
    ),
    Secret(
        "PASSWORD",
        "password in quotes after its name",
        _NEEDED_FOR_PASSWORD,
        re.compile(_NAME_OF_IT + _SEPARATOR + _QUOTED, re.IGNORECASE),
        score=0.9,
        accepts=_is_value,
    ),
    Secret(
        "PASSWORD",
        "password without quotes after its name",
        _NEEDED_FOR_PASSWORD,
        re.compile(_NAME_OF_IT + _SEPARATOR + _BARE, re.IGNORECASE),
        score=0.8,
        accepts=_is_password,
    ),
    Secret(
        "PASSWORD",
        "password on a line of its own, as in a file of settings",
        _NEEDED_FOR_PASSWORD,
        re.compile(
            r"^[ \t]*(?:export[ ]|set[ ])?"
            r"(?:[A-Z0-9_]*(?:PASSWORD|PASSWD|_PASS|_PWD)=|(?:\w+[_.\-])?password(?:=|:[ ]))"
            r"(?P<value>[^\s\"'`]{4,100})[ \t\r]*$",
            re.MULTILINE,
        ),
        score=0.8,
        accepts=_is_literal,
    ),
    Secret(
        "API_KEY",
        "key in quotes after its name",
        _NEEDED_FOR_KEY,
        re.compile(_NAME_OF_KEY + _SEPARATOR + _QUOTED, re.IGNORECASE),
        score=0.9,
        accepts=_is_key,
    ),
    Secret(
        "API_KEY",
        "key without quotes after its name",
        _NEEDED_FOR_KEY,
        re.compile(_NAME_OF_KEY + _SEPARATOR + _BARE, re.IGNORECASE),
        score=0.8,
        accepts=_is_key,
    ),
    Secret(
        "PASSWORD",
        "password told in a sentence",
        ("pass", "pwd", "pin "),
        re.compile(
            r"\b(?:password|passwd|pwd|passphrase|passcode|passwort|pass|pin(?: code)?)"
            r"(?:[ \t]+(?:for|of|to|on)[ \t]+[^\s.,:;]{1,40}(?:[ \t]+[^\s.,:;]{1,40}){0,4}?)?"
            r"""[ \t]+(?:is(?: now)?|was|to|ist)[ \t]*:?[ \t]*["'`]?(?P<value>[^\s"'`<>]{4,100})""",
            re.IGNORECASE,
        ),
        score=0.7,
        accepts=_is_password,
    ),
    Secret(
        "PASSWORD",
        "password on a command line",
        (" -p", "--pass", "-u ", "--user"),
        re.compile(
            r"(?:(?:mysql|mysqldump|mysqladmin|sshpass)\b[^\n]{0,100}?[ ]-p[ ]?|--pass(?:word|phrase)?[ =]"
            r"|\bcurl\b[^\n]{0,200}?[ ](?:-u|--user)[ ]?[\"']?[^\s:\"']{1,60}:)[\"']?(?P<value>[^\s\"']{4,100})",
            re.IGNORECASE,
        ),
        score=0.8,
        accepts=_is_password,
    ),
)


def find(text: str) -> Iterator[Finding]:
    """Yield every secret found; they may overlap."""
    lowered = text.lower()
    for secret in SECRETS:
        if any(needed in lowered for needed in secret.needs):
            yield from _matches(secret, text)


def _matches(secret: Secret, text: str) -> Iterator[Finding]:
    for match in secret.pattern.finditer(text):
        groups = match.groupdict()
        start, end = next((match.span(name) for name in ("value", "quoted") if groups.get(name)), match.span())
        if secret.accepts is None or secret.accepts(groups.get("check") or text[start:end]):
            yield Finding(secret.type, CLASS_OF[secret.type], start, end, secret.score)
