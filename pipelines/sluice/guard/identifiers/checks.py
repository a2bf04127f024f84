"""Check digits that python-stdnum does not know, each with the place that describes it."""

from collections.abc import Callable, Sequence

from stdnum import luhn, verhoeff

Check = Callable[[str], bool]

_PENSION = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
_HEALTH = (1, 2, 1, 2, 1, 2, 1, 2, 1)
_ICAO = (7, 3, 1)
_VIN_VALUES = {
    letter: value for letters in ("ABCDEFGH", "JKLMN.P.R", ".STUVWXYZ") for value, letter in enumerate(letters, start=1)
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def varied(check: Check) -> Check:
    """Return the check for codes of more than one digit: 000 000 000 is right by most arithmetic."""
    return lambda code: len(set(code)) > 1 and check(code)


def either(*checks: Check) -> Check:
    """Return a check that is content when one of them is."""
    return lambda code: any(check(code) for check in checks)


def weighted(code: str, weights: Sequence[int]) -> int:
    """Return the sum of the digits, letters counting from A = 10, each times its weight."""
    return sum(int(character, 36) * weight for character, weight in zip(code, weights, strict=False))


def us_ssn(code: str) -> bool:
    """No area 000, 666 or 9xx, no group 00, no serial 0000 (Social Security Administration, 2011)."""
    return code[:3] not in {"000", "666"} and code[0] != "9" and code[3:5] != "00" and code[5:] != "0000"


def us_itin(code: str) -> bool:
    """The fourth and fifth digit are 50 to 65, 70 to 88, 90 to 92 or 94 to 99 (IRS)."""
    return 50 <= int(code[3:5]) <= 65 or 70 <= int(code[3:5]) <= 99


def us_npi(code: str) -> bool:
    """Luhn behind the prefix 80840 (45 CFR 162.406)."""
    return bool(luhn.is_valid("80840" + code))


def us_dea(code: str) -> bool:
    """The last digit is that of the first, third and fifth, and twice the others (DEA)."""
    digits = [int(digit) for digit in code[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def au_medicare(code: str) -> bool:
    """The ninth digit checks the first eight, modulo 10 (Services Australia)."""
    return weighted(code, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(code[8])


def de_pension(code: str) -> bool:
    """Cross totals of the weighted digits, the letter as two of them (VKVV, paragraph 4)."""
    return _cross_totals(code, _PENSION)


def de_health(code: str) -> bool:
    """As the pension number, with weights 1 and 2 (GKV-Spitzenverband, 290 SGB V)."""
    return _cross_totals(code, (*_HEALTH, 2))


def _cross_totals(code: str, weights: Sequence[int]) -> bool:
    digits = "".join(letter if letter.isdigit() else f"{ord(letter) - 64:02}" for letter in code)
    products = (int(digit) * weight for digit, weight in zip(digits[:-1], weights, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10 == int(digits[-1])


def icao(code: str) -> bool:
    """Weights 7, 3, 1 over nine characters; without the tenth nothing is checked (ICAO 9303-3)."""
    return len(code) == 9 or weighted(code[:9], _ICAO * 3) % 10 == int(code[9], 36)


def pl_id_card(code: str) -> bool:
    """Weights 7, 3, 1, then 9 for the check digit, modulo 10."""
    return weighted(code, (7, 3, 1, 9, 7, 3, 1, 7, 3)) % 10 == 0


def sg_nric(code: str) -> bool:
    """Weights 2, 7, 6, 5, 4, 3, 2, an offset by the first letter, and a row of letters (ICA)."""
    total = weighted(code[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(code[0], 0)
    rows = {"S": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "M": "KLJNPQRTUWX"}
    row = rows[{"T": "S", "G": "F"}.get(code[0], code[0])]
    return row[10 - total % 11 if code[0] == "M" else total % 11] == code[8]


def vin(code: str) -> bool:
    """The ninth character checks the sixteen others, modulo 11 (49 CFR 565.15)."""
    total = sum(_VIN_VALUES.get(c, ord(c) - 48) * w for c, w in zip(code, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == code[8]


def es_social(code: str) -> bool:
    """The last two digits are the rest of the others modulo 97."""
    return int(code[:10]) % 97 == int(code[10:])


def in_aadhaar(code: str) -> bool:
    """Verhoeff, and no palindrome (UIDAI)."""
    return bool(verhoeff.is_valid(code)) and code != code[::-1]


def br_pis(code: str) -> bool:
    """Modulo 11 with weights 3, 2, 9 to 2."""
    return (11 - weighted(code, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 % 10 == int(code[10])


def br_health(code: str) -> bool:
    """Modulo 11 with weights 15 to 1 (Cartão Nacional de Saúde, DATASUS)."""
    return weighted(code, range(15, 0, -1)) % 11 == 0


def uk_driver(code: str) -> bool:
    """Sixteen characters or, with the issue number, eighteen (DVLA)."""
    return len(code) in (16, 18) and code[5:].isalnum()
