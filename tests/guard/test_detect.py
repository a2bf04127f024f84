"""What is found in a text, and what is left alone."""

from __future__ import annotations

import string
import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import CLASS_OF, CLASSES, Finding
from sluice.guard.detect import TextDetector
from sluice.guard.names import Names
from sluice.guard.secrets import SECRETS
from sluice.guard.values import ModelMissing

# (type, sentence, what must be covered). Numbers are the published examples of their issuers or of
# Presidio's own tests, or invented with a right checksum; nobody has them.
IDENTIFIERS = [
    ("ABA_ROUTING_NUMBER", "routing number 021000021", "021000021"),
    ("AU_MEDICARE", "medicare 2123456701", "2123456701"),
    ("AU_TFN", "my TFN is 876543210", "876543210"),
    ("CA_SIN", "social insurance number 130-692-544", "130-692-544"),
    ("CREDIT_CARD", "pay with 4012 8888 8888 1881 please", "4012 8888 8888 1881"),
    ("CREDIT_CARD", "nineteen digits: 4131034282458809939", "4131034282458809939"),
    ("CREDIT_CARD", "a new Mastercard, 2297051310616322", "2297051310616322"),
    ("CRYPTO", "wallet 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ"),
    ("DE_HEALTH_INSURANCE", "KVNR A123456780", "A123456780"),
    ("DE_ID_CARD", "Personalausweis C01X00T41", "C01X00T41"),
    ("DE_SOCIAL_SECURITY", "SV-Nummer 15070649C103", "15070649C103"),
    ("DE_TAX_ID", "Steuer-ID 86095742719", "86095742719"),
    ("EMAIL_ADDRESS", "write to jane@corp.internal today", "jane@corp.internal"),
    ("EMAIL_ADDRESS", "<Jörg.Müller+work@bücher.example>", "Jörg.Müller+work@bücher.example"),
    ("EMAIL_ADDRESS", '"mail":"a_b@mail.example.co.uk",', "a_b@mail.example.co.uk"),
    ("ES_NIE", "NIE Z8078221M", "Z8078221M"),
    ("ES_NIF", "DNI 55555555K", "55555555K"),
    ("FI_PERSONAL_IDENTITY_CODE", "hetu 131052-308T", "131052-308T"),
    ("IBAN_CODE", "to DE89 3704 0044 0532 0130 00 by Friday", "DE89 3704 0044 0532 0130 00"),
    ("IN_AADHAAR", "aadhaar 312345678909", "312345678909"),
    ("IN_PAN", "PAN ABCPD1234F", "ABCPD1234F"),
    ("IN_PASSPORT", "passport A3456781", "A3456781"),
    ("IP_ADDRESS", "from 203.0.113.7 at night", "203.0.113.7"),
    ("IP_ADDRESS", "from 2001:db8::7334 at night", "2001:db8::7334"),
    ("IT_FISCAL_CODE", "codice fiscale RSSMRA80A01H501U", "RSSMRA80A01H501U"),
    ("IT_PASSPORT", "passaporto AA1234567", "AA1234567"),
    ("LOCATION", "She lives in Berlin now.", "Berlin"),
    ("MAC_ADDRESS", "device 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
    ("MEDICAL_LICENSE", "DEA BB1388568", "BB1388568"),
    ("PERSON", "My name is Jane Doe and I am late.", "Jane Doe"),
    ("PERSON", "Dear Ms. Okonkwo, thank you.", "Okonkwo"),
    ("PERSON", "The patient, John Smith, came on Monday.", "John Smith"),
    ("PERSON", "I spoke with Sophie Lang yesterday.", "Sophie Lang"),
    ("PHONE_NUMBER", "call me: (212) 555-0123", "(212) 555-0123"),
    ("PHONE_NUMBER", "mine is +49 30 901820, thanks", "+49 30 901820"),
    ("PHONE_NUMBER", "Tel. 699 956 915", "699 956 915"),
    ("PHONE_NUMBER", "it is 020 7946 0018", "020 7946 0018"),
    ("PL_PESEL", "PESEL 44051401359", "44051401359"),
    ("SE_PERSONNUMMER", "personnummer 811228-9874", "811228-9874"),
    ("SG_NRIC_FIN", "NRIC S2740116C", "S2740116C"),
    ("STREET_ADDRESS", "She lives at 221B Baker Street, upstairs.", "221B Baker Street"),
    ("STREET_ADDRESS", "Er wohnt Hauptstraße 12 im Hof.", "Hauptstraße 12"),
    ("STREET_ADDRESS", "abita in Via Roma 12 a sinistra", "Via Roma 12"),
    ("STREET_ADDRESS", "au 12 rue de la Paix, deuxième", "12 rue de la Paix"),
    ("STREET_ADDRESS", "PO Box 4711", "PO Box 4711"),
    ("UK_DRIVING_LICENCE", "DVLA MORGA657054SM9IJ", "MORGA657054SM9IJ"),
    ("UK_NHS", "NHS 943 476 5919", "943 476 5919"),
    ("UK_NINO", "NI number AA 12 34 56 B", "AA 12 34 56 B"),
    ("UK_PASSPORT", "UK passport number AB1234567", "AB1234567"),
    ("US_BANK_NUMBER", "bank account 945456787654", "945456787654"),
    ("US_DRIVER_LICENSE", "driver license H12234567", "H12234567"),
    ("US_ITIN", "ITIN 911-70-1234", "911-70-1234"),
    ("US_MBI", "medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    ("US_NPI", "NPI 1234567893", "1234567893"),
    ("US_PASSPORT", "US passport 912803456", "912803456"),
    ("US_SSN", "SSN 078-05-1123", "078-05-1123"),
]

_LONG = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"
_HEX = "0123456789abcdef0123456789abcdef"
# (type, text, secret). Invented; put together here so that no scanner of repositories takes them for real.
KEYS = [
    ("API_KEY", "sk-" + "ant-api03-" + _LONG),
    ("API_KEY", "sk-" + "proj-" + _LONG + "_" + _LONG),
    ("API_KEY", "sk-" + _LONG),
    ("API_KEY", "ghp" + "_" + _LONG + "Ab12"),
    ("API_KEY", "github" + "_pat_" + _LONG + "_" + _LONG),
    ("API_KEY", "glpat" + "-" + _LONG[:20]),
    ("CLOUD_KEY", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("API_KEY", "AIza" + _LONG + "Ab1"),
    ("API_KEY", "xox" + "b-123456789012-" + _LONG[:24]),
    ("API_KEY", "sk" + "_live_" + _LONG[:24]),
    ("API_KEY", "SG" + "." + _LONG[:22] + "." + _LONG),
    ("API_KEY", "npm" + "_" + _LONG + "Ab12"),
    ("API_KEY", "pypi" + "-" + _LONG + _LONG),
    ("API_KEY", "hf" + "_" + _LONG),
    ("API_KEY", "SK" + _HEX),
    ("API_KEY", "shpat" + "_" + _HEX),
    ("API_KEY", "dapi" + _HEX),
    ("API_KEY", "hvs" + "." + _LONG),
    ("API_KEY", "gsk" + "_" + _LONG),
    ("API_KEY", "1234567890:AA" + _LONG + "x"),
    ("JWT", "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + "." + _LONG),
    ("WEBHOOK", "https://hooks.slack.com/services/T00000000/B00000000/" + _LONG),
    ("CONNECTION_STRING", "postgresql://app:S3cr3t.Pw@db.internal:5432/main"),
    (
        "PRIVATE_KEY",
        "-----BEGIN RSA PRIVATE " + "KEY-----\n" + _LONG + "\n" + _LONG + "\n-----END RSA PRIVATE KEY-----",
    ),
    ("PRIVATE_KEY", "-----BEGIN PRIVATE " + "KEY-----\\n" + _LONG + "\\n-----END PRIVATE KEY-----"),
    ("PRIVATE_KEY", "AGE-SECRET-KEY-1" + _LONG.upper() + _LONG.upper()),
]
SURROUNDINGS = ["{}", "key: {}\nnext", 'client = Client("{}")', "It is {}, I think.", '{{"a": "{}"}}', "`{}`"]

# (type, text, secret): secrets that only their surroundings give away.
TOLD = [
    ("PASSWORD", "password=hunter2!", "hunter2!"),
    ("PASSWORD", "DB_HOST=db\nDB_PASSWORD=sunshine\nDB_NAME=x", "sunshine"),
    ("PASSWORD", "user: app\npassword: sunshine\n", "sunshine"),
    ("PASSWORD", "DB_PASSWORD: 'correct horse battery'", "correct horse battery"),
    ("PASSWORD", '{"passwd": "Tr0ub4dor&3"}', "Tr0ub4dor&3"),
    ("PASSWORD", "the password for the admin page is Tr0ub4dor&3.", "Tr0ub4dor&3"),
    ("PASSWORD", "Server=db;Uid=app;Pwd=Gh7!kL2p;", "Gh7!kL2p"),
    ("PASSWORD", "curl -u admin:Gh7!kL2p https://host.example", "Gh7!kL2p"),
    ("PASSWORD", "Passwort: Gh7!kL2p", "Gh7!kL2p"),
    ("API_KEY", "client_secret = '9f8e7d6c5b4a'", "9f8e7d6c5b4a"),
    ("API_KEY", "API key: 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "export SERVICE_TOKEN=9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("BEARER_TOKEN", "Authorization: Bearer 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("BEARER_TOKEN", '-H "x-api-key: 9f8e7d6c5b4a39281706"', "9f8e7d6c5b4a39281706"),
    ("CLOUD_KEY", "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ("CLOUD_KEY", "AccountName=a;AccountKey=" + _LONG + _LONG + "==;", _LONG + _LONG + "=="),
    ("PRIVATE_KEY", "-----BEGIN PRIVATE " + "KEY-----\n" + _LONG + "\nand no end", _LONG + "\nand no end"),
]  # fmt: skip

HARMLESS = [
    "What is the capital of France, and how large is its share of Europe?",
    "Explain binary search in Python and write unit tests for it.",
    "Summarize this in three bullet points:\n- first\n- second",
    "A. Wrong, Wrong\nB. Right, Wrong\nC. Not wrong\nD. Neither",
    "Let $p$ be prime and $f(x) = x^2 + p$. Compute $f(3)$.",
    "def login(password: str, token: str | None = None) -> None: ...",
    "password = getpass.getpass()",
    "password=${DB_PASSWORD}",
    "class User:\n    name: str\n    password: SecretStr\n    passwd = HTTPPasswordMgr()",
    "api_key = os.environ['API_KEY']",
    "api_key = '<your api key>'",
    "Set max_tokens: 4096 and token_limit=8000.",
    "The password is wrong. My password was not accepted.",
    "Multiply 123456789 by 987654321, then divide by 1000000.",
    "Listen on 127.0.0.1 or [::1], version 1.2.3.",
    "git clone git@github.com:example/project.git",
    "std::vector<int> v; @app.route('/x') class A: pass",
    "It happened on 2024-01-15, again on 12/05/1999 and 3.10.1990.",
    "uuid 123e4567-e89b-12d3-a456-426614174000, sha 9f86d081884c7d659a2feaa0c55ad015",
    "Respond in JSON, not in Markdown.",
]


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    return _shared()


def _covers(findings: list[Finding], kind: str, start: int, end: int) -> bool:
    return any(found.type == kind and found.start <= start and found.end >= end for found in findings)


@pytest.mark.parametrize(("kind", "text", "value"), IDENTIFIERS, ids=lambda value: str(value)[:30])
def test_identifiers_are_found_whole(detector: TextDetector, kind: str, text: str, value: str) -> None:
    start = text.index(value)

    assert _covers(detector.find(text, names=True), kind, start, start + len(value))


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize(("kind", "secret"), KEYS, ids=[f"{kind}-{secret[:9]}" for kind, secret in KEYS])
def test_keys_are_found_whole_wherever_they_stand(
    detector: TextDetector, kind: str, secret: str, surrounding: str
) -> None:
    text = surrounding.format(secret)
    start = text.index(secret)

    assert _covers(detector.find(text, names=False), kind, start, start + len(secret))


@pytest.mark.parametrize(("kind", "text", "secret"), TOLD, ids=[row[1][:30] for row in TOLD])
def test_secrets_are_found_by_the_words_around_them(detector: TextDetector, kind: str, text: str, secret: str) -> None:
    start = text.index(secret)
    end = start + len(secret)

    assert _covers(detector.find(text, names=False), kind, start, end)


def test_a_secret_is_found_each_time_it_stands_in_the_text(detector: TextDetector) -> None:
    key = KEYS[0][1]

    findings = detector.find(f"first {key}, then {key}\n{key}", names=False)

    assert [finding.type for finding in findings] == ["API_KEY"] * 3


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_left_alone(detector: TextDetector, text: str) -> None:
    assert detector.find(text, names=True) == []


def test_names_are_looked_for_only_on_request(detector: TextDetector) -> None:
    assert detector.find("Ask John Smith in Manchester.", names=False) == []


def test_every_type_of_the_table_has_an_example_and_every_finding_a_class() -> None:
    examples = {row[0] for rows in (IDENTIFIERS, KEYS, TOLD) for row in rows}

    assert examples == set(CLASS_OF)
    assert set(CLASS_OF.values()) <= set(CLASSES)
    assert {secret.type for secret in SECRETS} <= set(CLASS_OF)


def test_a_missing_model_is_said_and_not_downloaded() -> None:
    with pytest.raises(ModelMissing, match="the spaCy model en_nowhere is not installed"):
        Names("en_nowhere")


PIECES = [row[2] for row in IDENTIFIERS] + [row[1] for row in KEYS + TOLD] + HARMLESS
texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
        st.text(string.digits + "-+() .@:/", max_size=30),
    ),
    max_size=6,
).map(" ".join)


@given(texts)
def test_whatever_the_text_findings_never_overlap_and_lie_within_it(text: str) -> None:
    findings = _shared().find(text, names=True)

    edges = [0, *(edge for finding in findings for edge in (finding.start, finding.end)), len(text)]
    assert edges == sorted(edges)
    assert all(finding.start < finding.end for finding in findings)
    assert all(finding.klass == CLASS_OF[finding.type] for finding in findings)


@given(texts)
def test_the_same_text_has_the_same_findings(text: str) -> None:
    assert _shared().find(text, names=False) == _shared().find(text, names=False)


@pytest.mark.parametrize(
    "part", ["1", "12-", "4 5 ", "a.", "aA1 ", "a@", "-----BEGIN PRIVATE KEY-----", "pass ", "x:/"]
)
def test_time_grows_no_faster_than_the_text(detector: TextDetector, part: str) -> None:
    def seconds(length: int) -> float:
        text = (part * length)[:length]
        start = time.process_time()
        detector.find(text, names=False)
        return time.process_time() - start

    seconds(2_000)
    short, long = seconds(3_000), seconds(24_000)

    # Eight times the length; quadratic would be 64 times the time.
    assert long < 30 * short + 0.1


@cache
def _shared() -> TextDetector:
    return TextDetector()
