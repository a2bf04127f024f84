"""Who and what is found by name, what is left alone, and what is tied to a real matter."""

from __future__ import annotations

import string
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.classes import CLASS_OF
from sluice.guard.naming import Names
from sluice.guard.naming.lexicon import read
from sluice.guard.values import Finding, ModelMissing

from tests.growth import grows_linearly

# (text, what must be covered): all invented.
TIED = [
    ("My name is Jane Doe and I am late.", "Jane Doe"),
    ("my name is jane doe and i am late", "jane doe"),
    ("Her maiden name is Clark.", "Clark"),
    ("Dear Ms. Okonkwo,\nthank you.", "Okonkwo"),
    ("hi bob,\nit is done", "bob"),
    ("See you then.\n\nKind regards,\nDr. R. Venkataraman\nHead of Oncology", "R. Venkataraman"),
    ("Thanks,\nTed", "Ted"),
    ("Employee: Xiomara Thistlewood\nManager: Dale Banks", "Dale Banks"),
    ('{"first_name": "Zbigniew", "last_name": "Kowalczyk"}', "Kowalczyk"),
    ("PATIENT: HARRIET OYELARAN DOB 1/2/1990", "HARRIET OYELARAN"),
    ("name,mail,amount\nOlu Adebayo,x,12\nMing Zhao,y,14", "Ming Zhao"),
    ("| Name | Salary |\n|---|---|\n| Hope Stone | 2 |", "Hope Stone"),
    ("[10:02] Priya: did you see it?\n[10:03] Dwayne: no", "Dwayne"),
    ("From: Grace Young\nTo: Mark Bishop; Hope Rivers\nSubject: raise", "Hope Rivers"),
    ("My boss Will Power is great.", "Will Power"),
    ("Our colleague April told me that she is pregnant.", "April"),
    ("Julia Okafor was diagnosed with diabetes.", "Julia Okafor"),
    ("Here is Matej's address.", "Matej"),
    ("Sehr geehrter Herr Müller,\nvielen Dank.", "Müller"),
    ("Der Patient Thomas Becker (geb. 12.03.1971) klagt über Schmerzen.", "Thomas Becker"),
    ("Unser Kunde Holger Brandt hat nicht bezahlt.", "Holger Brandt"),
    ("Mit freundlichen Grüßen\nSebastian Krämer", "Sebastian Krämer"),
    ("Bonjour Madame Lefèvre,\nje vous écris.", "Lefèvre"),
    ("Je m'appelle Jean-Baptiste Morel.", "Jean-Baptiste Morel"),
    ("Estimada Sra. Gutiérrez:\nLe informamos.", "Gutiérrez"),
    ("Me llamo Concepción y soy médica.", "Concepción"),
    ("Cordiali saluti,\nFrancesca Lombardi", "Francesca Lombardi"),
    ("Mijn naam is Sjoerd van der Meulen en ik woon hier.", "Sjoerd van der Meulen"),
    ("我叫王小明，住在杭州。", "王小明"),
    ("제 이름은 김민수입니다.", "김민수"),
    ("اسمي محمد العلي", "محمد العلي"),
    ("Attendees: Thorne, P. Lindqvist", "P. Lindqvist"),
    ("my landlord stanislav petkov keeps the deposit", "stanislav petkov"),
    ("Is it legal to fire Shanice Dubois while she is sick?", "Shanice Dubois"),
    ("Draft a dismissal letter for Hester Montague.", "Hester Montague"),
    ("Schreibe eine Abmahnung für Detlef Sauerbier.", "Detlef Sauerbier"),
    ("Rédige une lettre de licenciement pour Fabrice Montaigu.", "Fabrice Montaigu"),
    ("Mijn dochter Fenna heeft koorts.", "Fenna"),
    ("Minha filha Beatriz está com febre.", "Beatriz"),
    ("Moja córka Zosia ma gorączkę.", "Zosia"),
    ("Мой начальник Сергей Петрович не платит.", "Сергей Петрович"),
    ("请给张伟明写一封解雇信。", "张伟明"),
    ("患者 高橋 美咲、42歳", "高橋 美咲"),
    ("المريضة فاطمة الزهراء تعاني من السكري.", "فاطمة الزهراء"),
    ("מطופל: העובדת רחל כהן פוטרה", "רחל כהן"),
    ("मरीज़ राजेश शर्मा को मधुमेह है।", "राजेश शर्मा"),
    ("surname,given\nStrangeways,Poppy", "Poppy"),
    ("Maisie 09:14\nis he in?\nRavinder 09:15\nno", "Ravinder"),
]
WEAK = [
    ("PERSON", "I spoke with Sophie Lang yesterday.", "Sophie Lang"),
    ("PERSON", "please ask sarah connolly about it", "sarah connolly"),
    ("PERSON", "SARAH CONNOLLY CAME ON MONDAY", "SARAH CONNOLLY"),
    ("PERSON", "Why is Katrine so impulsive?", "Katrine"),
    ("PERSON", "Szabina J Gelencsér listed his songs.", "Szabina J Gelencsér"),
    ("PERSON", "J. R. Hartwell likes it.", "J. R. Hartwell"),
    ("PERSON", "Janet's ducks lay 16 eggs per day.", "Janet"),
    ("PERSON", "Mr. Young and Mrs. Brown have 5 apples.", "Brown"),
    ("PERSON", "Grace Young was late. I told Young so.", "Young"),
    ("PERSON", "Gestern sprach ich mit Jan-Niklas darüber.", "Jan-Niklas"),
    ("PERSON", "Siobhán O'Brien met Rhys.", "Siobhán O'Brien"),
    ("PERSON", "田中さんは明日来ます。", "田中"),
    ("PERSON", "Меня ждёт Алексей Смирнов.", "Алексей Смирнов"),
    ("PERSON", "Meeting with Hardeep, Summer and Will moved.", "Summer"),
    ("PERSON", "Hast du mit Tjorven gesprochen?", "Tjorven"),
    ("PERSON", "schreib frau hoppenstedt eine mail", "hoppenstedt"),
    ("PERSON", "Please tell sunita I am here.", "sunita"),
    ("PERSON", "Caspian, did you see it?", "Caspian"),
    ("PERSON", "Juliusz A Kwiatkowski sings.", "Juliusz A Kwiatkowski"),
    ("PERSON", "I'm Misty's daughter, says the song.", "Misty"),
    ("PERSON", "Seen by D. Kowalski and others.", "D. Kowalski"),
    ("PERSON", "Réunion avec Ségolène demain.", "Ségolène"),
    ("LOCATION", "Wir treffen uns in Gütersloh.", "Gütersloh"),
    ("LOCATION", "She moved to Villeurbanne.", "Villeurbanne"),
    ("ORGANIZATION", "I work at Brightwater Logistics Ltd.", "Brightwater Logistics Ltd"),
    ("ORGANIZATION", "They sued Penrose & Sons again.", "Penrose & Sons"),
]

HARMLESS = [
    "What is the capital of France, and how large is its share of Europe?",
    "Plan a trip to Rome, Tokyo and New York in May. What about the Eiffel Tower?",
    "Explain binary search in Python and write unit tests for it.",
    "Compare Kubernetes and Docker Swarm. Use Terraform and Ansible.",
    "Summarize this in three bullet points:\n- first\n- second",
    "A. Wrong, Wrong\nB. Right, Wrong\nC. Not wrong\nD. Neither",
    "Let $p$ be prime and $f(x) = x^2 + p$. Compute $f(3)$.",
    "class User:\n    name: str\n    password: SecretStr",
    "name: build\non: push\njobs:\n  test:\n    runs-on: ubuntu-latest",
    '{"name": "express", "version": "1.0.0"}',
    "SELECT name FROM Users WHERE Age > 3;",
    "What did Einstein and Newton think about gravity? Compare Shakespeare with Goethe.",
    "Was Barack Obama president in 2010? Who wrote Hamlet?",
    "Dear ChatGPT, please help me.",
    "Erkläre mir die Fotosynthese und den Unterschied zwischen Mitose und Meiose.",
    "Der Hund läuft durch den Wald. Die Bundesregierung plant Steuererleichterungen.",
    "Explique-moi la Révolution française en trois paragraphes.",
    "Cuéntame la historia de la Guerra Civil española.",
    "Was hilft gegen Heuschnupfen, und was ist Verschwiegenheitspflicht?",
    "Résous l'équation et explique chaque étape.",
    "Who was Rosa Luxemburg, and what did Hannah Arendt write about her?",
    "Warum wurde Karl der Große gekrönt?",
    "call the api with grpc and parse the json response in rust",
    "Respond in JSON, not in Markdown. On Monday I will be in Germany.",
]


@cache
def _names() -> Names:
    return Names()


def _covering(text: str, value: str, names: Names | None = None) -> list[Finding]:
    start = text.rindex(value)
    found = (names or _names()).find(text)
    return [finding for finding in found if finding.start <= start and finding.end >= start + len(value)]


@pytest.mark.parametrize(("text", "value"), TIED, ids=[value for _, value in TIED])
def test_a_name_with_a_cue_is_tied_to_a_real_matter(text: str, value: str) -> None:
    assert [finding.weak for finding in _covering(text, value) if finding.type == "PERSON"] == [False]


@pytest.mark.parametrize(("kind", "text", "value"), WEAK, ids=[row[2] for row in WEAK])
def test_a_bare_name_is_weak(kind: str, text: str, value: str) -> None:
    assert [(finding.type, finding.weak) for finding in _covering(text, value)] == [(kind, True)]


@pytest.mark.parametrize("text", HARMLESS)
def test_the_well_known_and_the_everyday_are_no_findings(text: str) -> None:
    assert list(_names().find(text)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ask Anna Schmidt.", "Anna Schmidt"),
        ("Schmidt, Anna", "Schmidt, Anna"),
        ("der vertrag von schmidts läuft aus", "schmidts"),
        ("ANNA SCHMIDT", "ANNA SCHMIDT"),
        ("Raghunathan said no.", "Raghunathan"),
        ("wir fragen jürgen groß", "jürgen groß"),
        ("Wir fragen Juergen Gross.", "Juergen Gross"),
    ],
)
def test_people_of_the_configuration_are_always_tied(text: str, value: str) -> None:
    names = Names(("Anna Schmidt", "Priya Raghunathan", "Jürgen Groß"))

    assert [finding.weak for finding in _covering(text, value, names)] == [False]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Grace Young came. That was Grace's idea.", "Grace"),
        ("Jonas Müller kam. Müllers Auto steht hier.", "Müllers"),
        ("Przyszła Anna Wójcik. Widziałem Annę wczoraj.", "Annę"),
        ("Пришёл Игорь Соколов. Я видел Игоря вчера.", "Игоря"),
    ],
)
def test_an_inflected_name_is_the_same_name(text: str, value: str) -> None:
    assert _covering(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "Janet's ducks lay 16 eggs a day, and she earns a salary of 200 a week. What does Janet earn?",
        "Zaid spends 1/4 of his salary on rent. How much is left?",
        "What did John Maynard Keynes say about debt and contracts?",
        "Write a poem in the style of Sylvia Plath about my divorce.",
        "Which film with Leonardo DiCaprio won a prize? Who directed it?",
    ],
    ids=["ducks", "rent", "economist", "poet", "film"],
)
def test_riddles_and_famous_people_are_not_tied(text: str) -> None:
    assert [finding for finding in _names().find(text) if not finding.weak] == []


def test_a_tie_of_one_mention_is_a_tie_of_all() -> None:
    text = "Our client Holger Brandt complained. Later Brandt called."

    assert [finding.weak for finding in _names().find(text) if finding.type == "PERSON"] == [False, False]


def test_a_missing_lexicon_is_said_and_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="the lexicon of names is not installed"):
        read(tmp_path / "none.gz")


PIECES = [row[0] for row in TIED] + [row[1] for row in WEAK] + HARMLESS
texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(categories=["L", "M", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
        st.text(string.ascii_letters + " .,:;\n'-", max_size=30),
    ),
    max_size=6,
).map(" ".join)


@given(texts)
def test_whatever_the_text_findings_lie_within_it(text: str) -> None:
    findings = list(_names().find(text))

    assert all(0 <= finding.start < finding.end <= len(text) for finding in findings)
    assert all(finding.klass == CLASS_OF[finding.type] for finding in findings)


@pytest.mark.parametrize(
    "part",
    [
        *(
            "a",
            "A",
            "Anna ",
            "anna ",
            "A. ",
            "\n",
            " ",
            "my ",
            "my name is ",
            "name: ",
            "name,b\n",
            "Dear Anna",
            "de ",
            "Anna de ",
        ),
        *(
            "regards\n",
            "regards   ",
            "[10:02] a: ",
            "From: a;",
            "anna\n",
            "A-",
            "A'",
            "王先生",
            "e\u0301",
            "a|",
            "A & Sons",
            "X GmbH ",
            "von der ",
            "Van Anna ",
            "Anna/",
            "Moss, Anna ",
        ),
    ],
)
def test_time_grows_no_faster_than_the_text(part: str) -> None:
    assert grows_linearly(lambda text: list(_names().find(text)), part, 5_000)
