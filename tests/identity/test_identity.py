"""Only a signed token proves a person; everything else is a hint."""

import time
from typing import Any

import jwt
import pytest
from sluice.identity import Caller, identify

SECRET = "s" * 64
CLAIMS = {"sub": "u-1", "email": "pat@corp.example", "name": "Pat", "role": "user", "iss": "open-webui"}


def token(secret: str = SECRET, *, without: str = "", algorithm: str = "HS256", **claims: Any) -> str:
    now = int(time.time())
    filled = {**CLAIMS, "iat": now, "exp": now + 300, **claims}
    filled.pop(without, None)
    return jwt.encode(filled, secret, algorithm=algorithm)


def caller_with(given: str, **headers: str) -> Caller:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return identify({"x-openwebui-user-jwt": given, **named}, SECRET)


def test_a_valid_token_proves_the_user_and_nothing_more_is_kept_of_it() -> None:
    caller = caller_with(token())

    assert (caller.user, caller.role, caller.is_known) == ("u-1", "user", True)
    assert "corp.example" not in repr(caller)
    assert "Pat" not in repr(caller)


UNPROVEN = {
    "none": "",
    "garbage": "a.b.c",
    "other secret": token("t" * 64),
    "expired": token(exp=int(time.time()) - 600),
    "not yet": token(nbf=int(time.time()) + 3600),
    "other issuer": token(iss="elsewhere"),
    "no expiry": token(without="exp"),
    "no time of issue": token(without="iat"),
    "no issuer": token(without="iss"),
    "no subject": token(without="sub"),
    "no signature": token("", algorithm="none"),
    "other algorithm": token(algorithm="HS512"),
    "empty subject": token(sub=""),
    "strange subject": token(sub="u 1\n"),
    "endless subject": token(sub="u" * 129),
    "non-ascii": "ä.ö.ü",
}


@pytest.mark.parametrize("given", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_without_a_valid_token_there_is_no_user_and_no_group(given: str) -> None:
    caller = caller_with(given, x_sluice_groups="g-1")

    assert caller.user is None
    assert caller.role == ""
    assert caller.groups == frozenset()
    assert caller.conversation is None


def test_without_a_secret_nobody_is_known_even_with_a_token_signed_by_nothing() -> None:
    caller = identify({"x-openwebui-user-jwt": token("x" * 32)}, "")

    assert not caller.is_known


@pytest.mark.parametrize("name", ["id", "email", "name", "role"])
def test_plain_user_headers_are_never_accepted(name: str) -> None:
    assert identify({f"x-openwebui-user-{name}": "u-1"}, SECRET) == Caller()


def test_groups_count_beside_a_proven_user() -> None:
    caller = caller_with(token(), x_sluice_groups="g-1, g-2,, bad id ,g-1")

    assert caller.groups == {"g-1", "g-2"}


@pytest.mark.parametrize("strange", ["", "a b", "x" * 129, "{{CHAT_ID}}", "a\nb", "é", "../../x", "a\n"])
def test_strange_ids_are_dropped(strange: str) -> None:
    headers = {f"x-sluice-{name}": strange for name in ("chat", "message", "task", "model")}

    assert identify(headers, SECRET) == Caller()


def test_a_forged_chat_id_never_opens_the_state_of_another_user() -> None:
    owner = caller_with(token(), x_sluice_chat="c-1")
    forger = caller_with(token(sub="u-2"), x_sluice_chat="c-1")
    nobody = caller_with("", x_sluice_chat="c-1")

    assert owner.conversation == ("u-1", "c-1")
    assert forger.conversation == ("u-2", "c-1")
    assert nobody.conversation is None


@pytest.mark.parametrize(
    ("headers", "in_ui"),
    [
        ({}, False),
        ({"x_sluice_message": "m-1"}, True),
        ({"x_sluice_message": "m-1", "x_sluice_task": "title_generation"}, False),
        ({"x_sluice_chat": "c-1"}, False),
    ],
    ids=["plain caller", "message", "task", "chat without message"],
)
def test_an_answer_is_in_the_ui_when_it_fills_a_message(headers: dict[str, str], in_ui: bool) -> None:
    assert caller_with(token(), **headers).in_ui is in_ui
