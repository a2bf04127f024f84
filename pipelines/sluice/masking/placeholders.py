"""The form of placeholders, and the words in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import regex

TEXT = "TEXT"  # what looked like a placeholder and was typed by somebody
SECRET = "SECRET"  # noqa: S105 - a word; it is never restored
_TYPES = {
    "PERSON": ("PERSON",),
    "EMAIL": ("EMAIL_ADDRESS",),
    "PHONE": ("PHONE_NUMBER",),
    "ADDRESS": ("STREET_ADDRESS",),
    "PLACE": ("LOCATION", "POSTAL_CODE"),
    "COMPANY": ("ORGANIZATION",),
    "CARD": ("CREDIT_CARD",),
    "IBAN": ("IBAN_CODE",),
    "ACCOUNT": ("ABA_ROUTING_NUMBER", "ACCOUNT_NUMBER", "CRYPTO", "US_BANK_NUMBER"),
    "CUSTOMER": ("CUSTOMER_NUMBER",),
    "DATE": ("DATE_OF_BIRTH",),
    "AGE": ("AGE",),
    "USER": ("HANDLE", "USERNAME"),
    "HOST": ("INTERNAL_HOST", "IP_ADDRESS", "MAC_ADDRESS"),
    "NAME": ("ORGANISATION_TERM", "UNCLEAR"),
}
_WORD_OF = MappingProxyType({kind: word for word, kinds in _TYPES.items() for kind in kinds})


def _alternatives(words: Iterable[str]) -> str:
    """A pattern for any of these words that tries each of their beginnings once."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for character in word:
            branch = branch.setdefault(character, {})
        branch[""] = {}
    return _branches(tree)


def _branches(tree: Mapping[str, Any]) -> str:
    longer = [regex.escape(character) + _branches(branch) for character, branch in sorted(tree.items()) if character]
    if not longer:
        return ""
    return f"(?:{'|'.join(longer)}){'?' if '' in tree else ''}"


# What models turn the words into when they answer in another language (German, French, Spanish, Italian, Dutch,
# Portuguese, Polish, Czech, Swedish, Danish, Finnish, Turkish, Greek, Russian, Ukrainian, Arabic, Hindi, Chinese,
# Japanese, Korean), and the unabbreviated forms; plurals of the English words are added below.
_TRANSLATED = {
    "PERSON": "people personne personnes persona personas personen persone persoon pessoa pessoas osoba osoby henkilö"
    " kişi πρόσωπο персона человек особа شخص व्यक्ति 人 人物 人员 个人 사람 인물 name nombre nom nome naam",
    "EMAIL": "e-mail mail courriel correo emailadresse email_address e-mailadresse e-post sähköposti eposta e-posta"
    " 邮箱 电子邮件 メール 이메일 почта пошта بريد ईमेल",
    "PHONE": "telephone tel telefon téléphone teléfono telefono telefoon telefone telefonnummer phone_number puhelin"
    " τηλέφωνο هاتف फ़ोन 电话 電話 전화 телефон",
    "ADDRESS": "adresse dirección direccion indirizzo adres anschrift endereço endereco adress adresa osoite διεύθυνση"
    " عنوان पता 地址 住所 주소 адрес адреса",
    "PLACE": "ort lieu lugar luogo plaats local miejsce místo plats sted paikka yer τόπος location stadt city ville"
    " ciudad città stad مكان स्थान 地点 場所 장소 место місце",
    "COMPANY": "firma unternehmen entreprise société empresa azienda società bedrijf organization organisation företag"
    " virksomhed yritys şirket εταιρεία شركة कंपनी 公司 会社 회사 компания компанія",
    "CARD": "karte kreditkarte carte tarjeta carta kaart cartão cartao karta kort kortti kart κάρτα بطاقة कार्ड 卡"
    " カード 카드 карта картка",
    "IBAN": "",
    "ACCOUNT": "konto compte cuenta conto rekening conta účet tili hesap λογαριασμός حساب खाता"
    " 账户 口座 계좌 счет рахунок",
    "CUSTOMER": "kunde client cliente klant klient zákazník kund asiakas müşteri πελάτης"
    " عميل ग्राहक 客户 顧客 고객 клиент клієнт",
    "DATE": "datum fecha data geburtsdatum birthdate date_of_birth dato tarih ημερομηνία تاريخ"
    " तारीख 日期 日付 날짜 дата",
    "AGE": "alter âge edad età leeftijd idade wiek věk ålder alder ikä yaş ηλικία عمر आयु 年龄 年齢 나이 возраст вік",
    "USER": "benutzer nutzer utilisateur usuario utente gebruiker usuário użytkownik uživatel användare bruger"
    " käyttäjä kullanıcı χρήστης مستخدم उपयोगकर्ता 用户 ユーザー 사용자 пользователь користувач",
    "HOST": "rechner server hôte servidor 主机 ホスト хост",
    "NAME": "namen nom nombre nome naam imię jméno namn navn nimi isim όνομα اسم नाम 名称 名前 이름 имя ім'я",
    "ID": "kennung identifiant identificador identificativo nummer number id_number 编号 番号 номер",
    TEXT: "texte texto testo tekst metin κείμενο نص पाठ 文本 テキスト 텍스트 текст",
    SECRET: "geheimnis secreto segreto geheim segredo tajemství hemlighet 秘密 секрет",
}
WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {word: frozenset({word.casefold(), f"{word.casefold()}s", *others.split()}) for word, others in _TRANSLATED.items()}
)
EVERY_WORD = frozenset(one for words in WORDS.values() for one in words)

_OPEN, _CLOSE = r"[\[【［〔]", r"[\]】］〕]"
_INNER = (  # `PERSON_1`, `Personne 1b`, `**PERSON_1**`, `PERSON #1's`; spaces inside
    r"\ ?[*`]{0,2}(?P<word>[^\W\d_]{1,24}(?:[-_][^\W\d_]{1,16})?)"
    r"(?P<separator>[ \u00a0]?\\?_[ \u00a0]?|[ \u00a0]?[-–:.#№][ \u00a0]?|[ \u00a0])?"
    r"(?P<number>[0-9]{1,6})(?P<letter>[A-Za-z])?(?![^\W_])(?P<ending>['’]s)?"
)
_BARE = r"(?P<separator>\\?_)(?P<number>[0-9]{1,6})(?P<letter>[A-Za-z])?(?![^\W_])"
_CAPITALS = _alternatives({one.upper() for one in EVERY_WORD} | {word.capitalize() for word in WORDS})
_ALONE = _alternatives(word for word in WORDS if word not in (TEXT, SECRET))
# What is taken for a placeholder in an answer, and is therefore replaced where somebody typed it: in brackets however
# it is spelled; with one bracket or none, where the spelling leaves no doubt. `person_1` is a variable of a program.
FORMS = regex.compile(
    rf"(?P<open>\\\[){_INNER}[*`]{{0,2}}(?P<close>\ ?\\\])"
    rf"|(?P<open>{_OPEN}){_INNER}(?P<close>[*`]{{0,2}}\ ?{_CLOSE})?"
    rf"|(?P<open>[{{<]{{1,2}})(?P<word>(?i:{_alternatives(EVERY_WORD)})){_BARE}(?P<close>[}}>]{{1,2}})"
    rf"|(?<![\w\\\[【［〔])(?P<word>(?i:{_alternatives(EVERY_WORD)})){_BARE}(?P<close>{_CLOSE})"
    rf"|(?<![\w\\\[【［〔])(?P<word>{_CAPITALS}){_BARE}"
    rf"|(?<![\w\\\[【［〔])(?P<word>{_ALONE})(?P<separator>[ \u00a0])(?P<number>[0-9]{{1,6}})(?P<letter>[a-z])?(?!\w)"
)
LONGEST = 80  # characters that one of these forms has at most
# Each of them has a number behind a word, which is looked for first, since that is quick.
_NUMBERED = re.compile(r"\w[*`]?[ \u00a0\\_\-–:.#№]{0,4}[0-9]")
BEGINS = re.compile(r"[\\\[【［〔{<]|(?<!\w)\w")


def forms_in(text: str, start: int = 0) -> Iterator[Any]:
    """Yield everything from this place on that is taken for a placeholder, in order and without overlaps."""
    end = start
    for numbered in _NUMBERED.finditer(text, start):
        if numbered.end() <= end:
            continue
        for begins in BEGINS.finditer(text, max(end, numbered.start() - LONGEST), numbered.end()):
            if match := FORMS.match(text, begins.start()):
                yield match
                end = match.end()
                break


def could_be_one(match: Any) -> bool:
    """Whether what looks like a placeholder could be taken for one: `[Figure 1]` could not."""
    return match["word"].casefold() in EVERY_WORD


def word_of(type: str, klass: str) -> str:
    """Return the word for a type of finding."""
    return SECRET if klass == "secret" else _WORD_OF.get(type, "ID")


def written(word: str, number: int, variant: int) -> str:
    """Return a placeholder; variant 0 is the first way a thing was written, 1 the second (`b`), and so on."""
    return f"[{word}_{number}{_letters(variant)}]"


def _letters(variant: int) -> str:
    """`""`, `b` to `z`; more ways of writing one thing get numbers of their own."""
    return chr(ord("a") + variant) if variant else ""


MOST_VARIANTS = 26
