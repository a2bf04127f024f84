"""The words that name a secret, in several languages, and the names in which they mean something else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sluice.guard.secrets.folding import places


@dataclass(frozen=True, slots=True)
class Word:
    """A word in lower case: every way of writing it holds `stem`, and `before` and `after` complete it there.

    With `alone`, no letter may stand before it, as in `compass`. A `verb`, as in `pass 3 to it`, names only what
    some sign assigns to it.
    """

    type: str
    stem: str
    after: re.Pattern[str]
    before: re.Pattern[str] | None = None
    alone: bool = False
    verb: bool = False


def _word(type: str, stem: str, after: str = "", before: str = "", *, alone: bool = False, verb: bool = False) -> Word:
    return Word(type, stem, re.compile(after), re.compile(rf"(?:{before})\Z") if before else None, alone, verb)


# `KEY` alone names all sorts of things; with one of these before it, a secret.
_OF_A_KEY = (
    r"(?:api|access|auth|account|secret|private|signing|signature|encryption|decryption|client|shared|master|service"
    r"|app|application|admin|license|licence|activation|product|product[ _\-]license|deploy|deployment"
    r"|storage|subscription|aes|des|hmac|jwt|rsa"
    r"|ssh|crypto|cipher|webhook|session|cookie|security|user|developer|publishable|live|prod|production|root"
    r"|write|ingest"
    r"|host|function|gateway|x-api|openai|anthropic|google|azure|stripe|wifi|wlan|wpa|wireguard|preshared"
    r"|pre-shared|wallet|recovery|backup)"
    r"[ _\-.]{0,2}"
)
_OF_AN_ACCESS = (
    r"(?:wifi|wi-fi|wlan|zugangs|netz|door|gate|alarm|access|security|entry|safe|tür|backup|recovery"
    r"|lock|unlock)[ _\-]{0,2}"
)

WORDS: tuple[Word, ...] = (
    _word("PASSWORD", "passw", r"(?:or[dt]s?|örter|d)?"),
    _word("PASSWORD", "passphrase"),
    _word("PASSWORD", "passcode"),
    _word("PASSWORD", "passwd"),
    _word("PASSWORD", "pass", r"(?![a-z])", alone=True, verb=True),
    _word("PASSWORD", "pass", r"(?![a-z])", r"(?:db|user|usr|pg|smtp|ftp|ssh|root|admin|mail|auth|login|my|sql"
        r"|new|old|key|store|http|proxy|ldap|redis|sudo|svc)"),
    _word("PASSWORD", "pwd", r"(?![a-z])"),
    _word("PASSWORD", "pw", r"(?![a-z])", alone=True),
    _word("PASSWORD", "pswd", r"(?![a-z])"),
    _word("PASSWORD", "psk", r"(?![a-z])", alone=True),
    _word("PASSWORD", "kennwort"),
    _word("PASSWORD", "losungswort"),
    _word("PASSWORD", "mot de passe"),
    _word("PASSWORD", "mot_de_passe"),
    _word("PASSWORD", "motdepasse"),
    _word("PASSWORD", "mdp", r"(?![a-z])", alone=True),
    _word("PASSWORD", "contrase", r"(?:ñ|n|\u00f1|n\u0303)as?"),
    _word("PASSWORD", "clave", r"s?(?![a-z])", alone=True),
    _word("PASSWORD", "senha", r"s?(?![a-z])", alone=True),
    _word("PASSWORD", "parola d'ordine"),
    _word("PASSWORD", "parola d’ordine"),
    _word("PASSWORD", "wachtwoord", r"(?:en)?"),
    _word("PASSWORD", "toegangscode"),
    _word("PASSWORD", "hasło"),
    _word("PASSWORD", "lösenord"),
    _word("PASSWORD", "пароль"),
    _word("PASSWORD", "密码"),
    _word("PASSWORD", "パスワード"),
    _word("PASSWORD", "identified by", r"(?: password)?", alone=True),
    _word("PASSWORD", "pin", r"(?:[ \-]?(?:code|nummer|number))?(?![a-z])", alone=True),
    _word("PASSWORD", "code", r"s?(?![a-z])", _OF_AN_ACCESS),
    _word("API_KEY", "secret", r"s?(?!ar)"),
    _word("API_KEY", "token", r"s?(?![a-z])"),
    _word("API_KEY", "credential", r"s?"),
    _word("API_KEY", "key", r"s?(?![a-z])", _OF_A_KEY),
    _word("API_KEY", "schlüssel", "", r"(?:api|zugangs|zugriffs|geheim|lizenz|privater|wlan|netzwerk)[ \-]?"),
    _word("API_KEY", "clé", r"s?(?: (?:api|secrète|privée|d.accès))?"),
    _word("API_KEY", "jeton", r"(?![a-z])", alone=True),
    _word("API_KEY", "chiave", r"(?: (?:api|segreta|privata|d.accesso))?"),
    _word("API_KEY", "sleutel", "", r"(?:api|toegangs|geheime|licentie)[ \-]?"),
    _word("API_KEY", "pat", r"(?![a-z])", r"\b(?:gh|gl|ado|github|gitlab|azure|devops|my|the)[_\- ]"),
    _word("API_KEY", "authkey"),
    _word("API_KEY", "auth", r"(?![a-z])", alone=True),
    _word("API_KEY", "connectionstring"),
    _word("API_KEY", "connection_string"),
    _word("API_KEY", "session", r"(?:[_\-]?id|[_\-]?key)(?![a-z])"),
    _word("API_KEY", "sessid", r"(?![a-z])"),
    _word("API_KEY", "dsn", r"(?![a-z])", alone=True),
)  # fmt: skip
_ALL = (*WORDS, _word("RANDOM", "key", r"s?(?![a-z])"))

# `password_file`, `token_type`: about a secret, and none. Checked on what follows the word within the same name.
_ABOUT = re.compile(
    r"s?[_\-. ]?(?:hint|label|file|filename|path|dir|type|types|name|names|length|len|size|count|limit|limits"
    r"|min|max|minimum|maximum"
    r"|policy|policies|field|input|prompt|reset|resets|strength|manager|managers|url|uri|endpoint|expir\w*"
    r"|expires|expiry|ttl|lifetime|age"
    r"|required|validator|validation|regex|pattern|algorithm|algo|algorithms|format|encoding|placeholder|version"
    r"|created\w*|updated\w*"
    r"|changed\w*|index|column|columns|arn|budget|usage|bucket|refresh|class|store|storage|provider|error|errors"
    r"|ring|list|map|set|chain)"
    r"(?![a-z])"
)
_REST_OF_NAME = re.compile(r"[\w\-]{0,30}(?:\.\w{1,20})?")


@dataclass(frozen=True, slots=True)
class Named:
    """Where a text names a secret, to the end of the whole name, and what it names."""

    word: Word
    start: int
    end: int


def named(lowered: str) -> Iterator[Named]:
    """Yield every place of a text in lower case at which a secret is named."""
    for word in [word for word in _ALL if word.stem in lowered]:
        for at in places(lowered, word.stem):
            if found := _at(lowered, word, at):
                yield found


def _at(lowered: str, word: Word, at: int) -> Named | None:
    if word.alone and at and lowered[at - 1].isalpha():
        return None
    if word.before and not word.before.search(lowered, max(0, at - 24), at):
        return None
    match = word.after.match(lowered, at + len(word.stem))
    if not match or _ABOUT.match(lowered, match.end()):
        return None
    rest = _REST_OF_NAME.match(lowered, match.end())
    return Named(word, at, rest.end() if rest else match.end())
