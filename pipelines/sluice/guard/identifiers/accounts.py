"""Tell payment cards, IBANs and wallets by their prefixes and check digits."""

import re
from collections.abc import Iterator

from stdnum import bitcoin, iban, luhn

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cues
from sluice.guard.identifiers.stretches import Stretch
from sluice.guard.values import Finding

# Who issues which first digits, with the lengths in use (ISO/IEC 7812 ranges as the networks publish them).
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[68]\d|9\d)\d{11,16}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12,15}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|9792\d{12}|60\d{14}|220[0-4]\d{12}"  # Troy, RuPay, Mir
)
_MAESTRO = re.compile(r"(?:5[0678]|6\d)\d{10,17}")  # only where a word says so, or written in fours
_FOURS = re.compile(r"\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,4})?")
_IBAN = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}")
# The digits behind the country's two letters are what is looked for first.
_IN_FOURS = re.compile(
    r"[0-9](?<=(?<![A-Za-z0-9])[A-Za-z]{2}[0-9])[0-9][ -](?:[A-Za-z0-9]{4}[ -]){2,7}[A-Za-z0-9]{1,4}(?![A-Za-z0-9])"
)
_COUNTED = re.compile(r"(?:\d{1,3}[ .]){2,}\d{3}")  # thousands

_WALLETS = re.compile(
    # The first character is looked for alone, which is quick; then what stands before it.
    r"[0btl13LDrm4Ta](?<![0-9A-Za-z_/].)(?:(?<=0)x[0-9a-fA-F]{40}"
    r"|(?:(?<=b)c1|(?<=t)b1|(?<=l)tc1)[02-9ac-hj-np-z]{11,87}|(?<=[13LDrm])[1-9A-HJ-NP-Za-km-z]{25,34}"
    r"|(?<=4)[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|(?<=T)[1-9A-HJ-NP-Za-km-z]{33}|(?<=a)ddr1[02-9ac-hj-np-z]{40,110})"
    r"(?![0-9A-Za-z_])"
)
_SHORTEST_WALLET = 26
_WALLET_WORDS = re.compile(
    r"wallet|bitcoin|\bbtc\b|ethereum|\beth\b|crypto|monero|\bxmr\b|litecoin|\bltc\b|doge|ripple|\bxrp\b|tron"
    r"|usdt|cardano"
    r"|\bada\b|brieftasche|portefeuille|cartera|portafoglio|address|adresse|donat",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(\d)\1*")


def card(stretch: Stretch, cues: frozenset[str]) -> Finding | None:
    """Return a payment card: right by Luhn, with an issuer's prefix, or where a word says that it is one."""
    number = stretch.compact
    if not 12 <= len(number) <= 19 or not number.isdigit() or _REPEATED.fullmatch(number):
        return None
    if not luhn.is_valid(number):
        return None
    said = "card" in cues and number[0] in "123456"
    if said or _ISSUED.fullmatch(number) or (_MAESTRO.fullmatch(number) and _FOURS.fullmatch(stretch.written)):
        if not said and _COUNTED.fullmatch(stretch.written):
            return None
        return Finding("CREDIT_CARD", CLASS_OF["CREDIT_CARD"], stretch.start, stretch.end, 1.0)
    return None


def account(stretch: Stretch, cues: frozenset[str]) -> Finding | None:
    """Return an IBAN: right modulo 97, or with one digit wrong where a word says that it is one."""
    if not _IBAN.fullmatch(stretch.compact):
        return None
    if iban.is_valid(stretch.compact, check_country=False) or ("iban" in cues and iban_shaped(stretch.compact)):
        return Finding("IBAN_CODE", CLASS_OF["IBAN_CODE"], stretch.start, stretch.end, 1.0)
    return None


def spaced_accounts(cues: Cues) -> Iterator[Finding]:
    """Yield IBANs in fours, in any case: right modulo 97, or where a word says so: `gb82 west 1234 5698 7654 32`."""
    text = cues.text
    for match in _IN_FOURS.finditer(text):
        start = match.start() - 2
        said = "iban" in cues.tied(start)
        # Whatever word comes behind may look like one more group.
        for end in range(match.end(), start + 14, -1):
            compact = re.sub("[ -]", "", text[start:end]).upper()
            if (end == len(text) or not text[end].isalnum()) and (
                iban.is_valid(compact) or (said and iban_shaped(compact))
            ):
                yield Finding("IBAN_CODE", CLASS_OF["IBAN_CODE"], start, end, 1.0)
                break


def iban_shaped(code: str) -> bool:
    """Say whether a code has a length that IBANs have, and mostly digits."""
    return 15 <= len(code) <= 34 and sum(character.isdigit() for character in code) >= 10


def wallets(text: str) -> list[Finding]:
    """Return the addresses of crypto-currencies."""
    if max(map(len, text.split()), default=0) < _SHORTEST_WALLET:
        return []
    return [
        Finding("CRYPTO", CLASS_OF["CRYPTO"], *match.span(), 0.95)
        for match in _WALLETS.finditer(text)
        if _is_wallet(text, match)
    ]


def _is_wallet(text: str, match: re.Match[str]) -> bool:
    address = match[0]
    if address[0] in "13" or address.startswith("bc1"):
        return bool(bitcoin.is_valid(address))
    if address.startswith(("ltc1", "tb1", "addr1")):
        return True
    mixed = (
        any(c.isdigit() for c in address) and any(c.islower() for c in address) and any(c.isupper() for c in address)
    )
    if not (mixed or address.startswith("0x")):
        return False
    return _WALLET_WORDS.search(text, max(0, match.start() - 80), match.start()) is not None
