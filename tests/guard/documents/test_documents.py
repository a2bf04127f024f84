"""Documents that are private as a whole, and ordinary texts about the same matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import CLASS_OF
from sluice.guard.documents import Documents
from sluice.guard.documents.exam import is_exam
from sluice.guard.values import Dictionary, Finding

from tests.bench.guarding import classes

DEV = classes.texts("dev")
CODE = "def charge(order, rate):\n    if order.total < 0:\n        raise ValueError(order)\n    return order * rate\n"


@pytest.fixture(scope="module")
def plain() -> Documents:
    return Documents()


def types(findings: list[Finding]) -> set[str]:
    return {finding.type for finding in findings if not finding.weak}


def test_most_private_documents_of_the_development_half_are_recognised(plain: Documents) -> None:
    private = [document for document in DEV if document.kind != classes.ORDINARY]

    missed = [document.id for document in private if document.kind not in types(plain.find(document.text))]

    assert len(missed) <= len(private) // 20, missed


def test_few_ordinary_texts_of_the_development_half_are_taken_for_private(plain: Documents) -> None:
    flagged = [d.id for d in DEV if d.kind == classes.ORDINARY and types(plain.find(d.text))]

    assert len(flagged) <= 1, flagged


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("CONFIDENTIAL\nThe valve leaks.", id="alone"),
        pytest.param("Streng vertraulich - Seite 3\nDas Ventil leckt.", id="German, with a page"),
        pytest.param("The valve leaks.\nExample Ltd | Company Confidential | Page 2 of 9", id="footer"),
        pytest.param("Classification: Internal Use Only\nThe valve leaks.", id="named field"),
        pytest.param("confidential: the valve leaks, draft a note", id="leading"),
        pytest.param("This e-mail is confidential and intended for the addressee only.", id="notice"),
    ],
)
def test_a_marking_marks_the_text(plain: Documents, text: str) -> None:
    assert types(plain.find(text)) == {"CONFIDENTIAL_MARKING"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Explain what confidential means.", id="explain"),
        pytest.param("What does CONFIDENTIAL on a letter mean?", id="question"),
        pytest.param("Was bedeutet streng vertraulich?", id="German question"),
        pytest.param('LEVEL = "confidential"', id="code"),
        pytest.param("Write a confidentiality clause for a freelance contract.", id="clause"),
        pytest.param("What is confidential computing", id="technology"),
    ],
)
def test_talk_about_markings_is_no_marking(plain: Documents, text: str) -> None:
    assert plain.find(text) == []


def test_a_header_that_reserves_all_rights_makes_code_proprietary(plain: Documents) -> None:
    text = f"# Copyright (c) 2024 Example GmbH. All rights reserved.\n{CODE}"

    assert types(plain.find(text)) == {"PROPRIETARY_CODE"}


def test_a_header_with_a_public_licence_and_code_alone_are_not_private(plain: Documents) -> None:
    licensed = f"# Copyright (c) 2024 Example. All rights reserved.\n# SPDX-License-Identifier: MIT\n{CODE}"

    assert plain.find(licensed) == plain.find(CODE) == []


DICTIONARY = Dictionary(
    terms=("Project Falcon", "HQ"),
    products=("Aurora X2",),
    domains=("corp.example",),
    packages=("acme_billing", "core"),
    patterns=(("TICKET", "confidential", r"TCK-\d{6}"),),
)


@pytest.mark.parametrize(
    ("text", "type", "said"),
    [
        ("When does project-falcon start?", "ORGANISATION_TERM", "project-falcon"),
        ("Is ProjectFalcon late?", "ORGANISATION_TERM", "ProjectFalcon"),
        ("the HQ moves", "ORGANISATION_TERM", "HQ"),
        ("price of the aurora x2", "UNRELEASED_PRODUCT", "aurora x2"),
        ("ssh build.corp.example", "INTERNAL_HOST", "build.corp.example"),
        ("acme_billing.charge(1)", "OWN_PACKAGE", "acme_billing"),
        ("from core import x", "OWN_PACKAGE", "core"),
        ("see TCK-123456", "TICKET", "TCK-123456"),
    ],
)
def test_what_the_organisation_named_is_found(text: str, type: str, said: str) -> None:
    found = Documents(DICTIONARY).find(text)

    assert [(f.type, text[f.start : f.end]) for f in found if not f.weak] == [(type, said)]


@pytest.mark.parametrize("text", ["falconry projects", "the core of it", "www.corp.example", "hq", "notcorp.example"])
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert types(Documents(DICTIONARY).find(text)) == set()


def test_a_person_with_birth_date_and_diagnosis_is_a_medical_record(plain: Documents) -> None:
    text = "Maria Keller, born 12.03.1961, diagnosed with breast cancer (C50.9)."
    person = Finding("PERSON", "personal", 0, 12, 0.9)

    assert types(plain.find(text, [person])) == {"MEDICAL_RECORD"}
    assert plain.find("I have had a headache since Monday. Was it the coffee?") == []


@given(st.text(max_size=400))
def test_any_text_can_be_read_and_findings_lie_within_it(text: str) -> None:
    found = Documents(DICTIONARY).find(text)

    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(f.type == "TICKET" or CLASS_OF[f.type] == f.klass for f in found)


ONE_PERSON = {
    "appointment": (
        "Appointments of the week.\nThe appointment is confirmed for Ottilie Brandauer, born 14.03.1971, "
        "Lindenstraße 14, 80331 München, ottilie.brandauer@contoso-clinic.example, +49 89 5403 1177, DE89 "
        "3704 0044 0532 0130 00.\n"
        "The room is 214."
    ),
    "signature": (
        "Please shorten this:\nThank you for the visit, we will send the offer on Monday.\nBest regards,\n"
        "Ulrike Sandner\nHead of Sales\nSandner Pumpen GmbH\nIndustrieweg 8, 70565 Stuttgart\nT +49 711 5550 "
        "148\nM +49 171 5550 148\n"
        "F +49 711 5550 149\nulrike.sandner@sandner-pumpen.example"
    ),
    "order": (
        "Order confirmation 4401-778812\nCustomer: Bram Koster, Prinsengracht 101, 1015 Amsterdam, "
        "b.koster@mail.example\n1 x Desk lamp black    39.90\n2 x LED bulb E27        9.80\n1 x Extension "
        "lead     14.50\n"
        "Shipping                4.95\nTotal                  69.15\nPaid by card ending 4242. Expected Thursday."
    ),
    "ticket": (
        "Ticket #88213\nCustomer: Helena Duarte, helena.duarte@mail.example, customer number 5518842\nPriority: high\n"
        "Issue: she was charged twice for invoice 2026-1181 and wants the money back to her card.\n"
        "History: 2 Nov called, 4 Nov e-mail, 6 Nov refund promised.\nWhat should we answer?"
    ),
    "one mail": (
        "From: Dean Foley <dean.foley@mail.example>\nTo: info@firm.example\nSubject: Invoice 118\nHi, just a "
        "reminder that invoice 118 over 420 euro was due on Friday. Could you let me know when it will be "
        "paid?\nThanks, Dean\n"
        "Write a short apology and say it goes out tomorrow."
    ),
}


@pytest.mark.parametrize("text", ONE_PERSON.values(), ids=ONE_PERSON)
def test_details_of_one_person_are_no_list_and_no_internal_mail(plain: Documents, text: str) -> None:
    assert len(text) > 200
    assert types(plain.find(text)) == set()


QUESTION = (
    "A tenant signed a lease with a landlord for five years, paid the deposit and the rent for a month, "
    "and then assigned the lease to a friend without consent, in breach of its terms. Which of the "
    "following may the landlord do?"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{QUESTION}\nA. Nothing\nB. Sue the friend\nC. Terminate\nAnswer:", True, id="question"),
        pytest.param("They agree.\nA. The buyer pays.\nB. The seller delivers.\nC. All share.", False, id="clauses"),
        pytest.param(f"{QUESTION}\nA. Pay\nB. Deliver\nC. Share\nSigned by both.", False, id="not at the end"),
        pytest.param(f"{QUESTION}\nA. Pay\nA. Deliver\nC. Share", False, id="not consecutive"),
        pytest.param(f"{QUESTION}\nA. {'x' * 300}\nB. {'x' * 300}\nC. {'x' * 300}", False, id="long"),
    ],
)
def test_an_exam_question_ends_in_short_lettered_answers(text: str, expected: bool) -> None:
    assert is_exam(text.lower()) is expected


def test_a_contract_with_lettered_clauses_and_a_question_is_still_a_contract(plain: Documents) -> None:
    contract = next(document.text for document in DEV if document.kind == "LEGAL_DOCUMENT" and document.group == "en")
    text = f"{contract}\nA. The Seller shall deliver.\nB. The Buyer shall pay.\nC. Costs are shared.\nIs this valid?"

    assert "LEGAL_DOCUMENT" in types(plain.find(text))


def test_internal_use_marks_code_only_beside_an_owner(plain: Documents) -> None:
    owned = f'"""Scores.\n\nProperty of Example NV. Internal use only, do not distribute.\n"""\n{CODE}'

    assert types(plain.find(owned)) == {"PROPRIETARY_CODE"}
    assert plain.find(f"# This file is for internal use by the parser only.\n{CODE}") == []


def test_an_own_pattern_that_takes_too_long_stops_the_reading() -> None:
    slow = Documents(Dictionary(patterns=(("SLOW", "confidential", r"(?:b|bb|bbb)+[cd]"),)))

    with pytest.raises(TimeoutError):
        slow.find("b" * 200)
