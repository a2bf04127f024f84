"""Telephone numbers are found as each country writes them, with and without words before them."""

from __future__ import annotations

import pytest
from sluice.guard.identifiers import Identifiers

from tests.guard.identifiers.marks import missed

# Numbers of the ranges that are kept for films and books, where a country has such.
TELEPHONES = [
    "call me: [[(212) 555-0123]]",
    "Can you call her back on [[917-555-0133]]?",
    "[[+1 (202) 555-0191]]",
    "ring [[555-0123]] after six",
    "phone [[2125550123]]",
    "[[1-800-555-0199 ext. 12]]",
    "mine is [[+49 30 901820]], thanks",
    "[[0341 / 230 99 14]]",
    "[[(05502) 555 01 33]]",
    "Rückruf unter [[0176-55502218]]",
    "it is [[020 7946 0018]]",
    "Xanthe, [[07700900318]], xanthe@mail.example",
    "PLEASE CONTACT ME ON [[0161 496 0721]]",
    "[[+44 (0)7700 900 645]]",
    "tel [[02 47 55 01 38]]",
    "[[06.39.98.20.11]]",
    "[[0033 6 39 98 20 11]]",
    "Llama a Joaquín al [[611 555 018]], es urgente.",
    "dejó este número [[956 55 50 18]]",
    "Si tiene dudas, llámeme al [[944 55 01 27]]",
    "mi telefono [[928555017]]",
    "cell. [[333 5550 118]]",
    "Mario Rossi\n[[333 5550 118]]\nTorino",
    "[[+39 02 5550 0143]]",
    "bel mij op [[06-12345098]]",
    "[[040-5550172]]",
    "Proszę dzwonić do pani Jadwigi: [[22 555 01 27]]",
    "tel. [[699 956 915]]",
    "kom. [[601555018]]",
    "Qualquer dúvida: [[(41) 95550-1187]]",
    "whatsapp [[11 95550-0133]]",
    "ligue para [[(51) 3355-0133]]",
    "telemóvel [[912 345 678]]",
    "Handy: [[+43 664 5550123]], [[+41 79 555 01 23]]",
    "mobile [[98765 43210]]",
    "[[+91-98765-43210]]",
    "call [[0412 345 678]] (Sydney)",
    "id,name,phone\n1,Ann,[[+1 503 555 0119]]\n2,Bo,[[5035550120]]\n",
    '{"phone": "[[+15035550119]]", "fax": "[[503.555.0120]]"}',
    "Phone: **[[0911 2345678]]**",
    "Kim Berg\nAnalyst\nM [[3359360026]]",
    "PHONE [[730-588-5577X1117]]",
    "soita numeroon [[045 1234567]]",
    "ring mig på [[070-174 06 05]], tack",
    "Tlf. [[59756174]]",
    "Fax -[[38]]",
    "Tel -[[4417]], Zi. 214",
    "Rückfragen Durchwahl -[[2209]]",
    "contacté au poste [[4412]]",
    "Rückruf Apparat [[512]].",
    "q la llame al [[655019922]]",
    "gemeld door Sterre (toestel [[338]])",
    "desk 4.12, ext [[5581]]",
    "User X; phone x[[7741]]; machine Y",
    "que me llamen al [[722 551 900]]",
    "powiadomiona, [[660 555 128]].",
    "můj telefon je [[601 234 567]]",
    "Telefon;Ort\n[[0521 5550 114]];Bielefeld\n[[052615550187]];Lemgo\n",
]
NO_TELEPHONES = [
    "the numbers 1234567 and 7654321 are coprime",
    "1 15 2 25 3 33 4 38 5 42",
    "2024-01-15 10:30:00 and 15.01.2024",
    "10.0.2.15 and 192.168.10.20/24",
    "12 345 678 people",
    "x = 5551234 + 1 - 2345678",
    "h = h * 69069 + 907133923",
    "Decimal('+35236450.6')",
    "3.1415926535 8979",
    '"0123456789"',
    "ISBN 0-306-40615-2",
    "1,2,3,4,5,6,7,8,9",
    "Compute 100 200 300 divided by 400 500.",
    "1500–1000 BCE",
    "the years 1200-1450",
    "ext4 and ext 3 are file systems, fax - 3 pages",
    "lottery: 04 11 17 23 31 42",
]


@pytest.mark.parametrize("source", TELEPHONES, ids=lambda source: source.replace("\n", " ")[:40])
def test_telephone_numbers_are_found(source: str) -> None:
    assert missed(source, "PHONE_NUMBER") == []


@pytest.mark.parametrize("text", NO_TELEPHONES, ids=lambda text: text[:40])
def test_other_numbers_are_no_telephones(text: str) -> None:
    assert [text[found.start : found.end] for found in Identifiers().find(text) if found.type == "PHONE_NUMBER"] == []
