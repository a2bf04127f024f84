"""Keys that their own letters give away, wherever they stand."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets import checksums
from sluice.guard.secrets.folding import places
from sluice.guard.secrets.values import is_dummy
from sluice.guard.values import Finding

_SCORE = 0.95


@dataclass(frozen=True, slots=True)
class Format:
    """A key of one issuer: it begins with one of `starts`, as written, and goes on as `rest` says.

    It is taken to its end, longer than the issuer makes it or not: an almost right key is a key with a slip in it.
    """

    issuer: str
    starts: tuple[str, ...]
    rest: re.Pattern[str]
    type: str = "API_KEY"


def _format(issuer: str, starts: str, rest: str, type: str = "API_KEY") -> Format:
    return Format(issuer, tuple(starts.split()), re.compile(rest), type)


_W = r"[A-Za-z0-9_\-]"
_A = r"[A-Za-z0-9]"
_H = r"[0-9a-fA-F]"
_FRESH = rf"(?:(?<!{_A})|(?<=\\[nrt]))"
_END = rf"(?!{_A})"

# Sources: the issuers' own descriptions of their keys, most of them in the list of GitHub's secret scanning.
FORMATS: tuple[Format, ...] = (
    _format("Anthropic", "sk-ant-", rf"{_W}{{16,}}"),
    _format("OpenAI, DeepSeek, OpenRouter and others", "sk-", rf"(?!ant-){_W}{{20,}}"),
    _format("OpenAI session", "sess-", rf"{_A}{{32,}}"),
    _format("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_A}{{30,}}"),
    _format("GitHub, fine-grained", "github_pat_", r"\w{40,}"),
    _format(
        "GitLab",
        "glpat- gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- GR1348941",
        rf"{_W}{{16,}}(?:\.{_W}{{2,}})*",
    ),
    _format("Bitbucket", "ATBB ATCTT3", rf"{_W}{{24,}}(?:=[0-9A-F]{{8}})?"),
    _format("Atlassian", "ATATT3", rf"{_W}{{20,}}={{0,2}}(?:[0-9A-F]{{8}})?"),
    _format("AWS access key id", "AKIA ASIA ABIA ACCA", rf"[A-Z0-9]{{16}}{_END}", "CLOUD_KEY"),
    _format("AWS Bedrock", "ABSK bedrock-api-key-", r"[A-Za-z0-9+/]{60,}={0,2}", "CLOUD_KEY"),
    _format("Google", "AIza", rf"{_W}{{35,}}"),
    _format("Google OAuth client", "GOCSPX-", rf"{_W}{{20,}}"),
    _format("Google OAuth token", "ya29.", rf"{_W}{{20,}}"),
    _format("Google refresh token", "1//0", rf"{_W}{{30,}}"),
    _format("Alibaba Cloud", "LTAI", rf"{_A}{{12,26}}{_END}", "CLOUD_KEY"),
    _format("Tencent Cloud", "AKID", rf"{_A}{{32}}{_END}", "CLOUD_KEY"),
    _format("Slack", "xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.", r"[A-Za-z0-9.%/+\-]{10,}"),
    _format("Slack app", "xapp-", r"[A-Za-z0-9\-]{20,}"),
    _format("Stripe", "sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ sk_prod_", rf"{_A}{{16,}}"),
    _format("Signing secret of a webhook", "whsec_", r"[A-Za-z0-9+/=]{24,}"),
    _format("Twilio", "SK AC", rf"[0-9a-f]{{32}}{_END}"),
    _format("SendGrid", "SG.", rf"{_W}{{16,}}\.{_W}{{16,}}"),
    _format("Mailgun", "key-", rf"[0-9a-f]{{32}}{_END}"),
    _format("Brevo", "xkeysib- xsmtpsib-", r"[0-9a-f]{32,}(?:-\w+)?"),
    _format("Resend", "re_", rf"(?=\w{{0,20}}\d)(?=\w{{0,20}}[A-Z]){_A}{{6,12}}_{_A}{{16,}}"),
    _format("npm", "npm_", rf"{_A}{{30,}}"),
    _format("PyPI", "pypi-", rf"{_W}{{50,}}"),
    _format("RubyGems", "rubygems_", rf"{_H}{{40,}}"),
    _format("crates.io", "cio", rf"{_A}{{32}}{_END}"),
    _format("NuGet", "oy2", rf"[a-z0-9]{{43}}{_END}"),
    _format("Docker Hub", "dckr_pat_ dckr_oat_", rf"{_W}{{20,}}"),
    _format("Hugging Face", "hf_ api_org_", rf"{_A}{{30,}}"),
    _format("DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", r"[0-9a-f]{60,}"),
    _format("Shopify", "shpat_ shpca_ shppa_ shpss_", rf"{_H}{{32,}}"),
    _format("Databricks", "dapi", rf"{_H}{{32}}(?:-\d)?{_END}"),
    _format("HashiCorp Vault", "hvs. hvb. hvr.", rf"{_W}{{20,}}"),
    _format("Groq, xAI, Perplexity, Replicate", "gsk_ xai- pplx- r8_", rf"{_A}{{30,}}"),
    _format("Fireworks, Cerebras, NVIDIA, Tavily", "fw_ csk- nvapi- tvly-", rf"{_W}{{20,}}"),
    _format("LangSmith", "lsv2_pt_ lsv2_sk_", rf"{_H}{{32}}_{_H}{{10}}"),
    _format("Pinecone", "pcsk_", r"\w{40,}"),
    _format("Linear, Notion, Figma, Postman", "lin_api_ lin_oauth_ ntn_ figd_ PMAK-", rf"{_W}{{20,}}"),
    _format("Notion, older", "secret_", rf"{_A}{{43}}{_END}"),
    _format("Airtable", "pat", rf"{_A}{{14}}\.{_H}{{64}}{_END}"),
    _format("Doppler", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", r"[\w.\-]{20,}"),
    _format("1Password", "ops_eyJ", rf"{_W}{{40,}}={{0,2}}"),
    _format("New Relic", "NRAK- NRJS- NRII- NRAA-", rf"{_W}{{18,}}"),
    _format("Grafana", "glsa_ glc_", r"[A-Za-z0-9+/_=]{32,}"),
    _format("Sentry", "sntrys_ sntryu_", r"[\w+/=]{40,}"),
    _format("PlanetScale", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w.\-]{32,}"),
    _format("Supabase", "sbp_ sb_secret_", rf"{_W}{{20,}}"),
    _format("Heroku", "HRKU-", rf"{_W}{{30,}}"),
    _format("Netlify, Fly.io, Render, Railway", "nfp_ fo1_ rnd_ FlyV1", r"[ ]?[\w\-+/=,]{24,}"),
    _format("Pulumi, Terraform Cloud", "pul-", rf"{_H}{{40}}{_END}"),
    _format("Tailscale", "tskey-auth- tskey-api- tskey-client-", rf"{_W}{{16,}}"),
    _format("Cloudflare", "cfut_ cfat_ cfk_ v1.0-", rf"{_W}{{30,}}"),
    _format("Square", "sq0atp- sq0csp- EAAA", rf"{_W}{{22,}}"),
    _format("Facebook", "EAACEdEose0cBA EAAB EAAG EAAJ", rf"{_A}{{40,}}"),
    _format("PayPal, Braintree", "access_token$production$ access_token$sandbox$", r"[a-z0-9]{1,40}\$[0-9a-f]{32}"),
    _format("Plaid", "access-sandbox- access-development- access-production-", rf"{_H}{{8}}-{_W}{{20,}}"),
    _format("Dynatrace", "dt0c01. dt0s16. dt0s01.", r"[A-Z0-9]{20,}\.[A-Z0-9]{60,}"),
    _format("Contentful", "CFPAT-", rf"{_W}{{40,}}"),
    _format("HubSpot", "pat-na1- pat-eu1- pat-na2-", rf"{_H}{{8}}-[0-9a-fA-F\-]{{20,}}"),
    _format("Typeform, Lob, EasyPost", "tfp_ live_pub_ EZAK EZTK", rf"{_W}{{30,}}"),
    _format("Discord bot", "M N O", rf"{_W}{{23,27}}\.{_W}{{6}}\.{_W}{{27,45}}"),
    _format("Age", "AGE-SECRET-KEY-1", r"[0-9A-Za-z]{50,}", "PRIVATE_KEY"),
    _format("WordPress, Zapier, Mapbox", "sk.eyJ", rf"{_W}{{30,300}}\.{_W}{{16,}}"),
    _format("Extended private key of a wallet", "xprv yprv zprv tprv", r"[1-9A-HJ-NP-Za-km-z]{100,}", "PRIVATE_KEY"),
    _format("JSON web token", "eyJ", rf"{_W}{{8,1500}}\.{_W}{{8,}}(?:\.{_W}*){{0,3}}", "JWT"),
    _format(
        "Webhook, which whoever knows it may post to",
        "https://hooks.slack.com/services/ https://hooks.slack.com/workflows/ https://hooks.slack.com/triggers/",
        r"[\w/]{20,}",
        "WEBHOOK",
    ),
    _format("Webhook of Discord", "https://discord.com/api/webhooks/ https://discordapp.com/api/webhooks/",
            r"\d+/[\w\-]{20,}", "WEBHOOK"),
)  # fmt: skip


Started = tuple[int, str, Format]  # a beginning, its place in the table, and the format it is of


def _started() -> list[Started]:
    starts = [(start, format) for format in FORMATS for start in format.starts]
    return [(number, start, of) for number, (start, of) in enumerate(starts)]


def _by_sign(started: Iterable[Started]) -> Mapping[str, Sequence[Started]]:
    """Return the beginnings by a sign in them that most texts do not hold, so that one look tells of many."""
    found: dict[str, list[Started]] = {}
    for one in started:
        sign = next((sign for sign in "_-./" if sign in one[1]), "")
        found.setdefault(sign, []).append(one)
    return found


_LEAST = 15  # characters of a key that has no space in it, the beginning counted: those of Slack
_BY_SIGN = _by_sign(one for one in _started() if not one[2].rest.pattern.startswith("[ ]"))
_SPACED = tuple(one for one in _started() if one[2].rest.pattern.startswith("[ ]"))
_STARTS = tuple(start for format in FORMATS for start in format.starts if len(start) > 2)

# Those with nothing to know them by at their beginning: a string that stands in every one, and all of it.
_WITHIN: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("-us", re.compile(rf"{_FRESH}[0-9a-f]{{32}}-us\d{{1,2}}{_END}"), "API_KEY"),  # Mailchimp
    (":AA", re.compile(rf"{_FRESH}\d{{8,10}}:AA{_W}{{32,}}"), "API_KEY"),  # Telegram bot
    ("Q~", re.compile(rf"{_FRESH}[\w.~\-]{{3}}[78]Q~[\w.~\-]{{31,}}"), "CLOUD_KEY"),  # Azure, client secret
    ("JQQJ99", re.compile(rf"{_FRESH}{_A}{{20,60}}JQQJ99{_A}{{20,40}}"), "CLOUD_KEY"),  # Azure, since 2024
    ("AZDO", re.compile(rf"{_FRESH}{_A}{{60,80}}AZDO{_A}{{4}}{_END}"), "CLOUD_KEY"),  # Azure DevOps
    # The key of an Azure account is as long as a SHA-512, which lock files put after `sha512-`.
    ("==", re.compile(r"(?<![A-Za-z0-9+/:\-])[A-Za-z0-9+/]{86}=="), "CLOUD_KEY"),
    ("Key=", re.compile(r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,}={0,2})"), "CLOUD_KEY"),
    ("sig=", re.compile(r"[?&;]sig=(?P<value>[A-Za-z0-9%+/]{30,}={0,2})"), "CLOUD_KEY"),
    (
        "webhook.office.com/",
        re.compile(r"https://[\w\-]{1,60}\.webhook\.office\.com/[^\s\"'<>)]{20,300}"),
        "WEBHOOK",
    ),
)
# The secret that belongs to an access key id of AWS, and how far from it that may stand, in characters.
_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])")
_AWS_REACH = 300


def find(text: str, _: str) -> Iterator[Finding]:
    """Yield the keys of known issuers."""
    for _place, start, format in _begun(text):
        yield from _keys(text, format, start)
    for needed, pattern, type in _WITHIN:
        if needed in text:
            for match in pattern.finditer(text):
                yield Finding(type, CLASS_OF[type], *match.span("value" if pattern.groups else 0), _SCORE)


def _begun(text: str) -> list[Started]:
    """Return the beginnings that stand in the text; most are looked for only in its long words."""
    long = " ".join([word for word in text.split() if len(word) >= _LEAST])
    found = [one for one in _SPACED if one[1] in text]
    for sign, started in _BY_SIGN.items() if long else ():
        if sign in long:
            found += [one for one in started if one[1] in long]
    return sorted(found)


def begins(part: str) -> bool:
    """Say whether a part of a text begins as the key of some issuer does."""
    return part.startswith(_STARTS)


def _keys(text: str, format: Format, start: str) -> Iterator[Finding]:
    done = 0
    for at in places(text, start):
        if at < done:
            continue
        if at and text[at - 1].isascii() and text[at - 1].isalnum() and not _is_escape(text, at):
            continue
        match = format.rest.match(text, at + len(start))
        if not match:
            continue
        done = match.end()
        if checksums.holds(text[at:done]) or not is_dummy(match[0]):
            yield Finding(format.type, CLASS_OF[format.type], at, done, _SCORE)
            if format.issuer.startswith("AWS"):
                yield from _secret_of(text, at, done)


def _secret_of(text: str, start: int, end: int) -> Iterator[Finding]:
    for match in _AWS_SECRET.finditer(text, max(0, start - _AWS_REACH), end + _AWS_REACH):
        if all(any(map(kind, match[0])) for kind in (str.isdigit, str.isupper, str.islower)):
            yield Finding("CLOUD_KEY", CLASS_OF["CLOUD_KEY"], *match.span(), _SCORE)


def _is_escape(text: str, at: int) -> bool:
    """Say whether the letter before is the end of an escape, as in `\\nAKIA`."""
    return text[at - 1] in "nrtbf" and text[max(0, at - 2) : at - 1] == "\\"
