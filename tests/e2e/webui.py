"""Open WebUI's API as one account sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SHORT_ANSWERS = {"max_tokens": 24, "temperature": 0}


@dataclass(frozen=True)
class Account:
    """A signed-in person."""

    url: str
    id: str
    name: str
    email: str
    token: str

    def get(self, path: str, **params: str) -> Any:
        return self._json("GET", path, params=params)

    def post(self, path: str, body: Any = None, **params: str) -> Any:
        return self._json("POST", path, json=body, params=params)

    def delete(self, path: str) -> Any:
        return self._json("DELETE", path)

    def upload(self, file: Path) -> str:
        """Upload a file; returns its id, with which its reading-in can be followed."""
        with file.open("rb") as content:
            return str(self._json("POST", "/api/v1/files/", files={"file": (file.name, content)})["id"])

    def _json(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.request(method, self.url + path, headers=headers, timeout=60, **more)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    @property
    def is_told_apart_by(self) -> tuple[str, ...]:
        """What must never be found in the cloud."""
        return (self.id, self.name, self.email)

    def prefer(self, **settings: Any) -> None:
        """Change settings of the person's interface; answers stay short for the sake of time."""
        ui = {"version": "", "showChangelog": False, "params": SHORT_ANSWERS}
        self.post("/api/v1/users/user/settings/update", {"ui": ui | settings})

    def models(self) -> list[str]:
        """Ids of what the person may pick, in the order of the dropdown."""
        listed = self.get("/api/models")["data"]
        return [entry["id"] for entry in listed if not _is_hidden(entry)]

    def chat(self, chat_id: str) -> dict[str, Any]:
        return dict(self.get(f"/api/v1/chats/{chat_id}"))

    def answers(self, chat_id: str) -> list[dict[str, Any]]:
        """The messages of models in a chat, oldest first."""
        messages = self.chat(chat_id)["chat"]["history"]["messages"].values()
        return [message for message in messages if message["role"] == "assistant"]


@dataclass(frozen=True)
class Tasks:
    """Which background calls Open WebUI makes for a chat; an admin's setting."""

    admin: Account

    def switch(self, on: bool) -> None:
        settings = self.admin.get("/api/v1/tasks/config")
        names = ("ENABLE_TITLE_GENERATION", "ENABLE_TAGS_GENERATION", "ENABLE_FOLLOW_UP_GENERATION")
        wanted = settings | dict.fromkeys(names, on)
        if wanted != settings:
            self.admin.post("/api/v1/tasks/config/update", wanted)


def sign_in(url: str, email: str, password: str) -> Account:
    """Sign in as a person does, with e-mail and password."""
    answer = httpx.post(f"{url}/api/v1/auths/signin", json={"email": email, "password": password}, timeout=60).json()
    return Account(url, answer["id"], answer["name"], email, answer["token"])


def add_person(admin: Account, name: str, email: str, password: str) -> Account:
    """Add an account of role `user`, as an admin does, and sign in."""
    form = {"name": name, "email": email, "password": password, "role": "user"}
    admin.post("/api/v1/auths/add", form)
    return sign_in(admin.url, email, password)


@contextmanager
def tool_for_everybody(admin: Account, id: str, code: str) -> Iterator[str]:
    """A tool of the admin that everybody may use; yields its id, and deletes it."""
    everybody = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]
    form = {"id": id, "name": id.capitalize(), "content": code, "meta": {"description": id.capitalize()}}
    admin.post("/api/v1/tools/create", form | {"access_grants": everybody})
    yield id
    admin.delete(f"/api/v1/tools/id/{id}/delete")


def _is_hidden(entry: dict[str, Any]) -> bool:
    return bool(((entry.get("info") or {}).get("meta") or {}).get("hidden"))
