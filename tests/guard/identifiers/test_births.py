"""Dates of birth and ages are found by the words around them; other dates say nothing."""

from __future__ import annotations

import pytest
from sluice.guard.identifiers import Identifiers

from tests.guard.identifiers.marks import marked, missed

BIRTHS = [
    "DOB: [[07/19/1983]]",
    "D.O.B. [[19 Jul 1983]]",
    "Date of birth .... [[09/03/1986]]",
    "date_of_birth=[[1986-03-09]]",
    '{"birthDate": "[[1988-02-17]]", "sex": "f"}',
    "<dateOfBirth>[[1988-02-17]]</dateOfBirth>",
    "She was born on the [[3rd of January 1941]].",
    "I was born [[14 August 1991]] in Leeds",
    "born: [[March 5, 1990]]",
    "Kind: Xaver, [[12.5.2019]]",
    "Filha: Benedita, [[14/08/2015]]",
    "Aggrieved: SIMMONDS Leticia, b.[[14.08.72]]",
    "my birthday is [[5 March 1990]]",
    "his bday is [[3/5/90]]",
    "Geburtsdatum zur Prüfung: [[12.04.1979]]",
    "geboren am [[30. September 1990]] in Güstrow",
    "geb. [[08.12.1951]], weibl.",
    "Zi. 14 Fr. Nwachukwu, *[[5.5.67]], Z. n. Hüft-TEP",
    "Geburtstag: [[4.6.2009]]",
    "GEB.-DATUM: [[12. MÄRZ 1975]]",
    "Meier, Hans ([[12.03.1954]] geb.)",
    "Patientin: Ilse Kranz, [[12.03.1954]]",
    "né le [[3 avril 1967]] à Tours",
    "née le [[1er février 1980]]",
    "Né(e) le : [[12/03/1980]]",
    "Date de naissance : [[9 mars 1981]]",
    "fecha de nacimiento: [[11 de enero de 1995]]",
    "nacida el [[22/08/1976]]",
    "F. Nac.: [[22-08-1976]]",
    "nato a Bari il [[16/09/1966]]",
    "nata il [[2 giugno 1971]]",
    "Data di nascita [[02.06.1971]]",
    "geboren op [[2 mei 1977]]",
    "geboortedatum: [[28-11-1984]]",
    "data urodzenia: [[07.07.1998]]",
    "ur. [[12 maja 1969]] r.",
    "urodzona [[3 września 1982]]",
    "data de nascimento: [[29/06/1958]]",
    "nascido em [[5 de outubro de 1990]]",
    "Data nasc.: [[05/10/1990]]",
    "name,dob,city\nAnn,[[1988-02-17]],Salem\nBo,[[2/3/1975]],Bend\n",
    "Name;Geburtsdatum;Ort\nAnn;[[17.02.1988]];Lemgo\n",
    "| Patient | Date of birth |\n|---|---|\n| A. Hill | [[17 Feb 1988]] |\n",
    "Name\tDOB\nAnn\t[[17/02/88]]\n",
    "INSERT INTO people (name, birth_date, city) VALUES ('A', '[[1988-02-17]]', 'X'), ('B', '[[1975-03-02]]', 'Y');",
]
AGES = [
    "I'm [[34]] and tired",
    "Patient Hollingberry, [[44]], presented with pain",
    "a [[64]]-year-old woman",
    "she turns [[90]] on Friday",
]
OTHER_DATES = [
    "It happened on 2024-01-15, again on 12/05/1999 and 3.10.1990.",
    "Einstein was born on 14 March 1879 in Ulm.",
    "The meeting of 3 May 2024 was moved.",
    "Valid from 01.01.2024 until 31.12.2024",
]


@pytest.mark.parametrize("source", BIRTHS, ids=lambda source: source.replace("\n", " ")[:40])
def test_dates_of_birth_are_found(source: str) -> None:
    assert missed(source, "DATE_OF_BIRTH") == []


@pytest.mark.parametrize("source", AGES, ids=lambda source: source[:40])
def test_ages_are_found_and_weak(source: str) -> None:
    text, spans = marked(source)
    ages = [found for found in Identifiers().find(text) if found.type == "AGE"]

    assert [(found.start, found.end) for found in ages] == spans
    assert all(found.weak for found in ages)


@pytest.mark.parametrize("text", OTHER_DATES, ids=lambda text: text[:40])
def test_other_dates_and_those_of_the_long_dead_are_left_alone(text: str) -> None:
    assert list(Identifiers().find(text)) == []


def test_a_date_that_only_a_sentence_tells_is_weak() -> None:
    (found,) = Identifiers().find("In the novel Lauren was born on January 1, 1990.")

    assert (found.type, found.weak) == ("DATE_OF_BIRTH", True)
