"""What the head of a column or the key of a field says holds for every value that belongs to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.identifiers import Identifiers
from sluice.guard.identifiers.cues import Cues

from tests.guard.identifiers.marks import missed

RECORDS = [
    # Tables, parted in every usual way
    "Kundennr;PLZ;Ort;Geburtsdatum\n[[77120]];[[33602]];[[Bielefeld]];[[1.2.1980]]\n"
    "[[7712]];[[32657]];[[Lemgo]];[[3.4.71]]",
    'id,customer_id,dob,postcode\n1,"[[C-4471]]",[[1988-02-17]],[[YO22 4JT]]\n'
    "2,[[C-4472]],[[1990-12-05]],[[LS6 2AB]]\n",
    "Name\tTelefon\tBSN\nJan\t[[0612345098]]\t[[111222333]]\nAnn\t[[040 5550172]]\t[[123456782]]\n",
    "| Cliente | DNI | Dirección |\n|---|---|---|\n| Ana | [[55555555K]] | [[Calle Ancha 15, 2º]] |\n",
    "Nom,N° de sécurité sociale,Ville\nA,[[2 95 10 99 126 111 93]],[[Nantes]]\nB,[[1 81 10 16 123 136 78]],[[Tours]]\n",
    "employee_no,street,city,zip\n[[88412]],[[12 Long Street]],[[Salem]],[[97301]]\n",
    '"user","phone"\n"[[jstone4]]","[[5035550119]]"\n"[[pkim_2]]","[[5035550120]]"\n',
    "Imię;PESEL;Adres\nJan;[[44051401359]];[[Kwiatowa 15/4, 61-131 Poznań]]\n",
    "INSERT INTO kunden (kundennr, plz, tel) VALUES ('[[4471]]', '[[33602]]', '[[0521 5550114]]');",
    # JSON, YAML, XML, code, forms
    '{"customerNumber": "[[K-20931]]", "postalCode": "[[33602]]", "city": "[[Bielefeld]]"}',
    '{"address": {"street": "[[Buchenweg 4]]", "zip": "[[33602]]", "town": "[[Bielefeld]]"}}',
    "customer_id: [[77120394]]\npostcode: [[BS8 2HL]]\ncity: [[Bristol]]\nphone: [[01179496 0182]]\n",
    'Kunde("Roswitha", plz="[[97070]]", ort="[[Würzburg]]")',
    "<zip>[[97301]]</zip><city>Salem</city>",
    "MEMBER NO: [[4471-220-9]]   DATE OF BIRTH: [[12 MAR 1975]]   POSTCODE: [[LS6 2AB]]",
    "PLZ/Ort: [[59494 Soest]]\nTelefon privat: [[02921 5550177]]",
    "Codice fiscale ........ [[RSSMRA80A01H501U]]\nCAP ........ [[36100]]  Comune ........ [[Vicenza]]",
    "Straße, Hausnr.: [[Kirchplatz 2]]\nWohnort: [[Soest]]",
    "Code postal : [[33120]] Ville : [[Arcachon]]",
    "**Customer ID:** [[99-4471]]\n**City:** [[Hull]]",
    "zip code is [[90210]], by the way",
    "Her postcode is [[fk15 9et]].",
    # An address without quotes is cut into more fields than its head
    "Name;Address;Phone\nKim Berg;[[12 Long Street]]; [[Leeds LS6 2AB]];[[0113 496 0000]]\n",
]


@pytest.mark.parametrize("source", RECORDS, ids=lambda source: source.replace("\n", " ")[:40])
def test_values_are_known_by_their_heads_and_keys(source: str) -> None:
    assert missed(source) == []


def test_a_column_speaks_for_its_cells_and_not_for_their_neighbours() -> None:
    text = "phone,quantity\n5035550119,12345678\n"

    found = {text[one.start : one.end] for one in Identifiers().find(text)}

    assert found == {"5035550119"}


def test_prose_with_commas_is_no_table() -> None:
    text = "Phone, pen and paper, she said, were all she took.\nShe walked 12000, he 24000, steps, in all.\n"

    assert list(Cues(text).cells.all) == []


@given(st.lists(st.text('ab1,;|\t"\n()', max_size=12)).map("phone,name\n".join))
def test_cells_lie_in_order_and_never_overlap(text: str) -> None:
    cells = Cues(text).cells.all

    edges = [edge for cell in cells for edge in (cell.start, cell.end)]
    assert edges == sorted(edges)
    assert all(cell.start < cell.end <= len(text) for cell in cells)
