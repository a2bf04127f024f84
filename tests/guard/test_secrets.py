"""Which secrets are found in full, and which talk about secrets is left alone."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import CLASS_OF, Finding, secrets
from sluice.guard.secrets import checksums
from sluice.guard.secrets.formats import FORMATS
from sluice.guard.spans import resolve

from tests.growth import grows_linearly

_LONG = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"
_HEX = "0123456789abcdef0123456789abcdef"
_MASTER = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
# (type, secret). Invented; put together here so that no scanner of repositories takes them for real.
KEYS = [
    ("API_KEY", "sk-" + "ant-api03-" + _LONG),
    ("API_KEY", "sk-" + "proj-" + _LONG + "_" + _LONG),
    ("API_KEY", "sk-" + "or-v1-" + _HEX + _HEX),
    ("API_KEY", "sk-" + _LONG),
    ("API_KEY", "ghp" + "_" + _LONG + "Ab12"),
    ("API_KEY", "github" + "_pat_" + _LONG + "_" + _LONG),
    ("API_KEY", "glpat" + "-" + _LONG[:20]),
    ("CLOUD_KEY", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("CLOUD_KEY", "LTAI" + _LONG[:20]),
    ("CLOUD_KEY", "abc" + "8Q~" + _LONG + "xy"),
    ("API_KEY", "AIza" + _LONG + "Ab1"),
    ("API_KEY", "GOCSPX" + "-" + _LONG[:28]),
    ("API_KEY", "ya29" + "." + _LONG),
    ("API_KEY", "xox" + "b-123456789012-" + _LONG[:24]),
    ("API_KEY", "xapp" + "-1-A0123-" + _LONG),
    ("API_KEY", "sk" + "_live_" + _LONG[:24]),
    ("API_KEY", "whsec" + "_" + _LONG),
    ("API_KEY", "SG" + "." + _LONG[:22] + "." + _LONG),
    ("API_KEY", "npm" + "_" + _LONG + "Ab12"),
    ("API_KEY", "pypi" + "-" + _LONG + _LONG),
    ("API_KEY", "dckr" + "_pat_" + _LONG[:27]),
    ("API_KEY", "hf" + "_" + _LONG),
    ("API_KEY", "SK" + _HEX),
    ("API_KEY", _HEX + "-us12"),
    ("API_KEY", "shpat" + "_" + _HEX),
    ("API_KEY", "dapi" + _HEX),
    ("API_KEY", "dop" + "_v1_" + _HEX + _HEX),
    ("API_KEY", "hvs" + "." + _LONG),
    ("API_KEY", "gsk" + "_" + _LONG),
    ("API_KEY", "lin" + "_api_" + _LONG),
    ("API_KEY", "glsa" + "_" + _LONG + "_0a1b2c3d"),
    ("API_KEY", "1234567890:AA" + _LONG + "x"),
    ("API_KEY", "M" + _LONG[:25] + ".GaBcDe." + _LONG),
    ("JWT", "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + "." + _LONG),
    ("WEBHOOK", "https://hooks.slack.com/services/T00000000/B00000000/" + _LONG),
    ("WEBHOOK", "https://discord.com/api/webhooks/123456789012345678/" + _LONG),
    ("CONNECTION_STRING", "postgresql://app:S3cr3t.Pw@db.internal:5432/main"),
    ("CONNECTION_STRING", "amqps://svc:p%40ss.w0rd@mq.corp.example/vhost"),
    ("CONNECTION_STRING", "rediss://:Xk29vbQw@cache.corp.example:6380/0"),
    ("CONNECTION_STRING", "mssql+pyodbc://sa:Str0ng!pw@10.0.0.4/db?driver=x"),
    ("CONNECTION_STRING", "https://deploy:a@b:c@git.corp.example/app.git"),
    (
        "PRIVATE_KEY",
        "-----BEGIN RSA PRIVATE " + "KEY-----\n" + _LONG + "\n" + _LONG + "\n-----END RSA PRIVATE KEY-----",
    ),
    ("PRIVATE_KEY", "-----BEGIN PRIVATE " + "KEY-----\\n" + _LONG + "\\n-----END PRIVATE KEY-----"),
    ("PRIVATE_KEY", "-----BEGIN PGP PRIVATE " + "KEY BLOCK-----\n\n" + _LONG + "\n-----END PGP PRIVATE KEY BLOCK-----"),
    ("PRIVATE_KEY", "AGE-SECRET-KEY-1" + _LONG.upper() + _LONG.upper()),
]
SURROUNDINGS = [
    "{}",
    "key: {}\nnext",
    'client = Client("{}")',
    "It is {}, I think.",
    '{{"a": "{}"}}',
    "`{}`",
    "> > {}\n> > thanks",
    "+    token = '{}'",
    "<td>{}</td>",
    "2025-01-02 INFO got {} from vault",
    "[10:02] jane: {}\n[10:03] bob: ok",
    "https://api.example.com/v1?x=1&k={}",
    "\\n{}\\n",
]

# (type, text, secret): secrets that only their surroundings give away.
TOLD = [
    ("PASSWORD", "password=hunter2!", "hunter2!"),
    ("PASSWORD", "DB_HOST=db\nDB_PASSWORD=sunshine\nDB_NAME=x", "sunshine"),
    ("PASSWORD", "user: app\npassword: sunshine\n", "sunshine"),
    ("PASSWORD", "DB_PASSWORD: 'correct horse battery'", "correct horse battery"),
    ("PASSWORD", "export PGPASSWORD=ab,cd(ef)9", "ab,cd(ef)9"),
    ("PASSWORD", '{"passwd": "Tr0ub4dor&3"}', "Tr0ub4dor&3"),
    ("PASSWORD", '{\\"password\\": \\"Tr0ub4dor&3\\"}', "Tr0ub4dor&3"),
    ("PASSWORD", '{"password": "a\\"b7!xyz"}', 'a\\"b7!xyz'),
    ("PASSWORD", "spring.datasource.password=Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "[client]\nuser = root\npassword = Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "password: |\n  Gh7!kL2p\n", "Gh7!kL2p"),
    ("PASSWORD", "<password>Gh7!kL2p</password>", "Gh7!kL2p"),
    ("PASSWORD", "<password>sunshine</password>", "sunshine"),
    ("PASSWORD", '<property name="password" value="Gh7!kL2p"/>', "Gh7!kL2p"),
    ("PASSWORD", '<input type="password" name="pw" value="Gh7!kL2p">', "Gh7!kL2p"),
    ("PASSWORD", '<string name="db_password">Gh7!kL2p</string>', "Gh7!kL2p"),
    ("PASSWORD", "String password = \"Gh7!kL2p\";", "Gh7!kL2p"),
    ("PASSWORD", "const password: string = 'Gh7!kL2p'", "Gh7!kL2p"),
    ("PASSWORD", "password := `Gh7!kL2p`", "Gh7!kL2p"),
    ("PASSWORD", ":password => 'Gh7!kL2p'", "Gh7!kL2p"),
    ("PASSWORD", "define('DB_PASSWORD', 'Gh7!kL2p');", "Gh7!kL2p"),
    ("PASSWORD", 'ds.setPassword("Gh7!kL2p");', "Gh7!kL2p"),
    ("PASSWORD", 'props.put("password", "Gh7!kL2p");', "Gh7!kL2p"),
    ("PASSWORD", "#define DB_PASSWORD \"Gh7!kL2p\"", "Gh7!kL2p"),
    ("PASSWORD", 'variable "db_password" {\n  type = string\n  default = "Gh7!kL2p"\n}', "Gh7!kL2p"),
    ("PASSWORD", "      - name: DB_PASSWORD\n        value: Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "environment:\n  - MYSQL_ROOT_PASSWORD=sunshine\n", "sunshine"),
    ("PASSWORD", "ALTER USER app WITH PASSWORD 'Gh7!kL2p';", "Gh7!kL2p"),
    ("PASSWORD", "CREATE USER 'app'@'%' IDENTIFIED BY 'sunshine';", "sunshine"),
    ("PASSWORD", "kind: Secret\ndata:\n  db: U3VwZXJTM2NyZXQh\n", "U3VwZXJTM2NyZXQh"),
    ("PASSWORD", "Server=db;Uid=app;Pwd=Gh7!kL2p;", "Gh7!kL2p"),
    ("PASSWORD", "Data Source=db;User ID=sa;Password=Winter.Ab12;Encrypt=yes", "Winter.Ab12"),
    ("PASSWORD", "jdbc:postgresql://db/app?user=app&password=Gh7!kL2p&ssl=true", "Gh7!kL2p"),
    ("PASSWORD", "jdbc:sqlserver://db;user=sa;password=Gh7 kL2p!;", "Gh7 kL2p!"),
    ("CONNECTION_STRING", "jdbc:oracle:thin:scott/t1ger99@db.corp.example:1521/orcl", "t1ger99"),
    ("PASSWORD", "the password for the admin page is Tr0ub4dor&3.", "Tr0ub4dor&3"),
    ("PASSWORD", "Password (staging): Tr0ub4dor&3", "Tr0ub4dor&3"),
    ("PASSWORD", "Here is the new password:\n\nTr0ub4dor&3\n", "Tr0ub4dor&3"),
    ("PASSWORD", "log in as admin with password Tr0ub4dor&3 please", "Tr0ub4dor&3"),
    ("PASSWORD", "use Tr0ub4dor&3 as the password", "Tr0ub4dor&3"),
    ("PASSWORD", "user root, pw: Gh7kL2px", "Gh7kL2px"),
    ("PASSWORD", "Passwort: Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "Das Passwort für den Router lautet Gh7!kL2p.", "Gh7!kL2p"),
    ("PASSWORD", "Das Kennwort ist Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "Le mot de passe est Gh7!kL2p, merci", "Gh7!kL2p"),
    ("PASSWORD", "Mot de passe\u00a0: Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "La contraseña de Ana es Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "la password del wifi è Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "Het wachtwoord is Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "My PIN is 480213", "480213"),
    ("PASSWORD", "| DB_PASSWORD | Gh7!kL2p |", "Gh7!kL2p"),
    ("PASSWORD", "| user | password |\n|---|---|\n| ana | sunshine |\n| bob | Gh7!kL2p |", "Gh7!kL2p"),
    ("PASSWORD", "user,password\nana,x9!mmP2q\nbob,Gh7!kL2p\n", "Gh7!kL2p"),
    ("PASSWORD", "mysql -h db -u root -pGh7!kL2p shop", "Gh7!kL2p"),
    ("PASSWORD", "sshpass -p 'Gh7!kL2p' ssh root@db", "Gh7!kL2p"),
    ("PASSWORD", "docker login -u ana -p Gh7!kL2p registry.example.com", "Gh7!kL2p"),
    ("PASSWORD", "tool --password sunshine --verbose", "sunshine"),
    ("PASSWORD", "tool --password=Gh7!kL2p --verbose", "Gh7!kL2p"),
    ("PASSWORD", "curl -u admin:Gh7!kL2p https://host.example", "Gh7!kL2p"),
    ("PASSWORD", "redis-cli -h cache -a Gh7!kL2p ping", "Gh7!kL2p"),
    ("PASSWORD", "requirepass Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "echo 'Gh7!kL2p' | sudo -S apt update", "Gh7!kL2p"),
    ("PASSWORD", "openssl rsa -in k.pem -passin pass:Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "machine api.example.com login ana password Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "machine api.example.com\n  login ana\n  password sunshine\n", "sunshine"),
    ("PASSWORD", "db.corp.example:5432:app:svc:Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "root:$6$rounds=5000$" + _LONG + ":19000:0:::", "$6$rounds=5000$" + _LONG),
    ("PASSWORD", "The creds are admin / Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "Zugangsdaten: ana:Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", "requests.get(url, auth=('admin', 'Gh7!kL2p'))", "Gh7!kL2p"),
    ("PASSWORD", 'server.login("ana@corp.example", "Gh7!kL2p")', "Gh7!kL2p"),
    ("PASSWORD", "<b>Password:</b> Gh7!kL2p", "Gh7!kL2p"),
    ("PASSWORD", 'The passphrase for the key is "correct horse battery staple"', "correct horse battery staple"),
    ("PASSWORD", "the door code is 48213", "48213"),
    ("PASSWORD", "ssh-keygen -t rsa -N 'Gh7!kL2p' -f key", "Gh7!kL2p"),
    ("API_KEY", "La clé API est 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "client_secret = '9f8e7d6c5b4a'", "9f8e7d6c5b4a"),
    ("API_KEY", "API key: 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "The API key for the weather service is 9f8e7d6c5b4a39281706.", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "export SERVICE_TOKEN=9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "MAPS_KEY=" + _LONG, _LONG),
    ("API_KEY", "SECRET_KEY=nDLSPBPwOcOvowfetSSWVnXGxMnQSzYI", "nDLSPBPwOcOvowfetSSWVnXGxMnQSzYI"),
    ("API_KEY", "I have this token from the portal, does it expire?\n" + _LONG, _LONG),
    ("API_KEY", "https://api.example.com/v1/users?api_key=9f8e7d6c5b4a39281706&page=2", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "//registry.npmjs.org/:_authToken=9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("API_KEY", "Lizenzschlüssel: AB12C-DE34F-GH56I-JK78L", "AB12C-DE34F-GH56I-JK78L"),
    ("BEARER_TOKEN", "Authorization: Bearer 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"),
    ("BEARER_TOKEN", "headers={'Authorization': f'Bearer 9f8e7d6c5b4a39281706'}", "9f8e7d6c5b4a39281706"),
    ("BEARER_TOKEN", "Authorization: Basic YWRtaW46R2g3IWtMMnA=", "YWRtaW46R2g3IWtMMnA="),
    ("BEARER_TOKEN", "Cookie: theme=dark; session=" + _LONG + "; lang=en", _LONG),
    ("API_KEY", '-H "x-api-key: 9f8e7d6c5b4a39281706"', "9f8e7d6c5b4a39281706"),
    ("API_KEY", "aws_secret_access_key = " + _MASTER, _MASTER),
    ("CLOUD_KEY", "AKIA" + "IOSFODNN7EXAMPLE and " + _MASTER, _MASTER),
    ("CLOUD_KEY", "AccountName=a;AccountKey=" + _LONG + _LONG + _LONG[:22] + "==;", _LONG + _LONG + _LONG[:22] + "=="),
    ("CLOUD_KEY", "https://a.blob.core.windows.net/c?sv=2022&sig=" + _LONG + "%3D", _LONG + "%3D"),
    ("PRIVATE_KEY", "-----BEGIN PRIVATE " + "KEY-----\n" + _LONG + "\nand no end", _LONG + "\nand no end"),
    ("PRIVATE_KEY", "…\n" + (_LONG + _LONG + "\n") * 3 + "-----END RSA PRIVATE " + "KEY-----",
     _LONG + _LONG + "\n" + _LONG),
    ("PRIVATE_KEY", '{"kty": "OKP", "crv": "Ed25519", "d": "' + _LONG + _LONG[:11] + '"}', _LONG + _LONG[:11]),
    (
        "PRIVATE_KEY",
        "seed phrase: " + "legal winner thank year wave sausage worth useful legal winner thank yellow",
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
    ),
]  # fmt: skip

HARMLESS = [
    "What is a strong password? Should a password be long or complex?",
    "The password is wrong. My password was not accepted.",
    "Your password must be at least 12 characters.",
    "How do I reset my password for GitHub? I forgot the password to my account.",
    "Explain the difference between a primary key and a foreign key.",
    "def login(password: str, token: str | None = None) -> None: ...",
    "password = getpass.getpass()",
    "password=${DB_PASSWORD}",
    "password: {{ vault_db_password }}",
    "PASSWORD=<your password>",
    "password: your-password-here",
    "DB_PASSWORD=changeme",
    "token = await get_token(session)",
    "this.password = user.password;",
    'if (password === "") return;',
    "password = request.form['password']",
    "const token = req.headers.authorization?.split(' ')[1];",
    "class User:\n    name: str\n    password: SecretStr\n    passwd = HTTPPasswordMgr()",
    "api_key = os.environ['API_KEY']",
    "api_key=os.getenv('OPENAI_API_KEY')",
    "api_key = '<your api key>'",
    'openai.api_key = "sk-..."',
    'client = OpenAI(api_key="sk-xxxxxxxxxxxxxxxxxxxxxxxx")',
    "AKIAXXXXXXXXXXXXXXXX is what an access key id looks like.",
    "Authorization: Bearer <token>",
    "Authorization: Bearer $TOKEN",
    "Use the header 'Authorization: Bearer YOUR_ACCESS_TOKEN'.",
    "postgres://user:password@localhost:5432/db",
    "postgres://postgres:postgres@localhost:5432/postgres",
    "mongodb://<username>:<password>@<host>/",
    "redis://localhost:6379/0",
    "Set max_tokens: 4096 and token_limit=8000.",
    "git checkout 9f86d081884c7d659a2feaa0c55ad0159f86d081",
    "commit 9f86d081884c7d659a2feaa0c55ad0159f86d081\nAuthor: Ana",
    "uuid 123e4567-e89b-12d3-a456-426614174000, sha 9f86d081884c7d659a2feaa0c55ad015",
    '<script integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC" src="x.js">',
    '"integrity": "sha512-2P1kYTNVL2BqPyYbRBz0lVKfXdTZrEsjZ0TjUFwD9Gxk9V4Q0k3g1sLmkZPq3t6c7T2NyGqkJtqYbVb0aK7P8g=="',
    "--hash=sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    "<img src='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=='>",
    "!function(e,t){var n=e.token,r=t.password;n&&(r=n.key)}(window,{key:1});",
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
    "What does `-----BEGIN RSA PRIVATE KEY-----` mean at the top of a file?",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "git clone git@github.com:example/project.git",
    "The key to success is persistence; the secret is consistency2024.",
    "for key, value in items.items(): cache[key] = value",
    '{"type": "string", "description": "The password of the user"}',
    '{"password": "Enter your password", "token": "Your token"}',
    "Passwort vergessen? Das Passwort muss 8 Zeichen haben.",
    "Le mot de passe est trop court.",
    "kubectl get secret my-secret -o yaml",
    "pass 3 arguments to the function, then pass `x=1` on",
]


def find(text: str) -> list[Finding]:
    return resolve(text, secrets.find(text))


def _covers(findings: list[Finding], kind: str, start: int, end: int) -> bool:
    return any(found.type == kind and found.start <= start and found.end >= end for found in findings)


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize(("kind", "secret"), KEYS, ids=[f"{kind}-{secret[:9]}" for kind, secret in KEYS])
def test_keys_are_found_whole_wherever_they_stand(kind: str, secret: str, surrounding: str) -> None:
    text = surrounding.format(secret)
    start = text.index(secret)

    assert _covers(find(text), kind, start, start + len(secret))


@pytest.mark.parametrize(("kind", "text", "secret"), TOLD, ids=[row[1][:40] for row in TOLD])
def test_secrets_are_found_by_the_words_around_them(kind: str, text: str, secret: str) -> None:
    start = text.index(secret)

    assert _covers(find(text), kind, start, start + len(secret))


@pytest.mark.parametrize("text", HARMLESS, ids=[text[:40] for text in HARMLESS])
def test_talk_about_secrets_is_left_alone(text: str) -> None:
    assert [text[found.start : found.end] for found in find(text)] == []


def test_a_secret_is_found_each_time_it_stands_in_the_text() -> None:
    key = KEYS[0][1]

    found = find(f"first {key}, then {key}\n{key}")

    assert [finding.type for finding in found] == ["API_KEY"] * 3


def test_a_key_with_a_wrong_checksum_is_still_a_key() -> None:
    body = _LONG[:30]
    right = "ghp" + "_" + body + checksums.base62(zlib.crc32(body.encode()))

    assert checksums.holds(right)
    assert not checksums.holds(right[:-1] + "!")
    assert _covers(find(right[:-1] + "x"), "API_KEY", 0, len(right))


def test_every_value_of_a_service_account_is_covered() -> None:
    block = "-----BEGIN PRIVATE " + "KEY-----\\n" + _LONG + "\\n-----END PRIVATE KEY-----\\n"
    text = f'{{"type": "service_account", "private_key_id": "{_HEX}", "private_key": "{block}"}}'

    found = find(text)

    assert _covers(found, "PRIVATE_KEY", text.index(block), text.index(block) + len(block) - 2)


def test_all_formats_have_a_class() -> None:
    assert {format.type for format in FORMATS} <= set(CLASS_OF)


PIECES = [row[1] for row in KEYS + TOLD] + HARMLESS
texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
        st.sampled_from(["password", "token: ", "=", "'", '"', "\n", "|", "key", "İ", "://", "@", "\\", "-p "]),
    ),
    max_size=8,
)


@given(st.one_of(texts.map(" ".join), texts.map("".join), st.text()))
def test_whatever_the_text_findings_never_overlap_and_lie_within_it(text: str) -> None:
    found = find(text)

    edges = [0, *(edge for finding in found for edge in (finding.start, finding.end)), len(text)]
    assert edges == sorted(edges)
    assert all(finding.start < finding.end and finding.klass == "secret" for finding in found)


HOSTILE = [
    "a", "1", "password", "password=", "password='", 'token: "', "pass ", "key ", "secret is ", "://", "x:/",
    "a:b@", "://a:b@",
    "sk-", "eyJ", "eyJa.", "SG.", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
    "curl ", "mysql -p ", "echo ",
    "pw,pw\n", "|token|", "authorization: ", "cookie=", "cookie: a=", "Pwd=;",
    "kind: Secret\ndata:\n", "seed phrase: a ",
    "password\n", "password (", "password for a ", "login: a/", "auth(",
    '"password" ', "<password>", "\\", "=", "\t", "AKIA",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE)
def test_time_grows_no_faster_than_the_text(part: str) -> None:
    assert grows_linearly(find, part, 5_000)


def test_a_value_of_base64_in_a_manifest_is_one_even_without_a_telling_name() -> None:
    value = base64.b64encode(b"sunshine").decode()
    text = f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  a: {value}\n  b: {value}\n"

    assert len(find(text)) == 2
