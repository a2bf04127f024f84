"""User names, handles and e-mail addresses are found where they are told, and not where code speaks of users."""

from __future__ import annotations

import pytest
from sluice.guard.identifiers import Identifiers

from tests.guard.identifiers.marks import missed

USERS = [
    "Login failed for user [[rvandyke02]] from 192.0.2.146",
    "usuario [[mramos84]] clave secreta",
    "[09:14] [[zara_k]]: morning! is Benedikt back?",
    "[2025-03-02 18:22:10] <[[night.owl77]]> anyone there?",
    "12:07 <[[bjoern_w]]> moin",
    "My username is [[petra.nov]], please reset it.",
    "Benutzername: [[k.lindner]]\nPasswort: ***",
    "Benutzername [[tschulz91]] ist gesperrt",
    "Anmeldename lautet [[hweber_3]]",
    "die Kennung [[xk4471]] funktioniert nicht",
    "username=[[tgrey1987]]",
    '{"userName": "[[m.okafor]]", "active": true}',
    '{"login": "[[elsa-b]]", "id": 7}',
    "login: [[jdoe42]]",
    "The account name [[sarah_wins]] was suspended",
    "user [[anita.k]] cannot log in since Monday",
    "User ID: [[ab12345]]",
    "Nom d'utilisateur : [[clem.dubois]]",
    "identifiant [[pmartin75]] bloqué",
    "mon pseudo est [[lulu_92]]",
    "nombre de usuario: [[pepe_garcia]]",
    "mi usuario es [[laura.sanz]]",
    "nome utente [[g.bianchi88]]",
    "gebruikersnaam: [[jvdberg]]",
    "Gebruiker [[pietje77]] kan niet inloggen",
    "nazwa użytkownika: [[kowal_99]]",
    "nome de usuário: [[ana_souza]]",
    "my discord is [[starling#4821]] add me",
    "Steam ID: [[frostbyte_x]]",
    "skype: [[live.hanna.b]]",
    "telegram [[@dmitri_k]]",
    "follow me on instagram [[@lena.travels]]",
    "she is [[@kat_w]] on twitter",
    "mastodon: [[@ines@chaos.example]]",
    "linkedin.com/in/[[tamsinlindqvist]]",
    "see https://github.com/[[orla-quinn]] for my code",
    "https://www.facebook.com/[[piet.hansen.7]]",
    "ssh [[mhuber]]@10.1.2.3",
    "name;username;mail\nHuber;[[mhuber7]];m@huber.example\nVogt;[[svogt]];s@vogt.example\n",
    "| User | Role |\n|------|------|\n| [[jstone4]] | admin |\n| [[pkim_2]] | staff |\n",
    "sAMAccountName: [[wagnerk]]",
    "samaccountname=[[wagnerk3]];ou=staff",
    "reset 2FA for login [[b.ferrari]] thanks",
    "12/03/2025, 09:14 - [[lotte_v]]: komt goed",
    "[[moritz.b7]] (09:14): passt",
    "logged in as [[hsteiner2]] on the server",
    "angemeldet als [[k_ortiz]]",
    "user '[[dwhitmore]]' does not exist",
    "@[[mike_77]] can you look at this?",
    "cd /home/[[jpetersen]]/projects",
    "# TODO([[kmarlow]]): drop this",
    "Opened by [[tgreaves]]; L2: somebody",
    "reddit user [[u/quiet_fox9]] wrote to me",
    # Made of names, or no word of any language
    "user [[jhenderson]] logged in from 198.51.100.7",
    "Account [[jsmith7]] is locked",
    "loyalty card, login [[khealy]], registered mobile",
    "Gebruikersnaam [[sittersm]], rekening volgt",
    "I cannot log in as [[debbie-welch]] any more",
    "nome utente [[brihig]], grazie",
    "käyttäjätunnus: [[mkorhonen]]",
    "Uživatelské jméno: [[jnovotny]]",
    "username: **[[vhollis]]**",
    "we saw [[lpetrov92]] in the list",
    "[[deckard_99]]: gg\nmoonpie: and\n[[deckard_99]]: yes",
    "Posted by [[sourdoughsteve]] » Tue 9:14 pm",
    "* revert change by [[jkowalik]] (asked for)",
    "Störung: Nutzer [[gkaltenb]] (Frau Kaltenbach)",
    "User = [[jhenderson]]; phone follows",
]
MAILS = [
    "write to [[jane@corp.internal]] today",
    "<[[Jörg.Müller+work@bücher.example]]>",
    '"mail":"[[a_b@mail.example.co.uk]]",',
    "mailto:[[info.paul@firma.example]]?subject=x",
    "email=[[kim@kim.example]]&x=1",
    "KONTAKT: [[H.BRAUN@STADT.EXAMPLE]]",
    "reach me: [[paul.k (at) web (dot) example]]",
    "[[marie [at] poste [point] example]]",
    "[[lena.b at mail dot example]] is mine",
    "[[uwe (ät) netz (punkt) example]]",
    "[[o'neill@pub.example]] said",
    "pierre<[[p@x-y.example]]>,",
    "[[用户@例子.example]] 收到",
]
NO_USERS = [
    "The user is asked for a name, the username is required.",
    "def login(username: str, user_id: int) -> User: ...",
    "username = request.form['username']",
    "SELECT username, email FROM users WHERE user_id = 7",
    "user: admin\nuser: root",
    "handle = self._wait_handle",
    "@staticmethod\ndef handle(x): ...",
    "@app.route('/login')\ndef login(): ...",
    "import { x } from '@scope/package'",
    "We meet at noon, at example dot",
    "print M at some point after step 3",
    "git clone git@github.com:example/project.git",
    "logo@2x.png",
    "sd_IN@devanagari.UTF-8",
    "https://github.com/features and https://github.com/python/cpython",
    "The user should be able to log in and log out.",
    "The table is created by default, and assigned to people who asked.",
    "Nick is choosing between two jobs.",
    "# TODO(security): drop this",
    "The domain is in the user block-list already.",
]


@pytest.mark.parametrize("source", USERS, ids=lambda source: source.replace("\n", " ")[:40])
def test_user_names_are_found(source: str) -> None:
    assert missed(source, "USERNAME", "HANDLE", "EMAIL_ADDRESS") == []


@pytest.mark.parametrize("source", MAILS, ids=lambda source: source[:40])
def test_mail_addresses_are_found_in_any_host_and_script(source: str) -> None:
    assert missed(source, "EMAIL_ADDRESS") == []


@pytest.mark.parametrize("text", NO_USERS, ids=lambda text: text.replace("\n", " ")[:40])
def test_code_and_talk_about_users_are_left_alone(text: str) -> None:
    assert [text[found.start : found.end] for found in Identifiers().find(text)] == []
