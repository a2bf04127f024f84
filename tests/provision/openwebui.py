"""The part of Open WebUI's admin API that provisioning uses, served on loopback with the real one's traps.

Taken from the routers of Open WebUI 0.12.4: an update of a model ignores access grants, a toggle flips, a function
is created inactive, a missing id answers 401, and the configuration keeps rows that it does not know.
"""

import json
import threading
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

ADMIN = {"email": "admin@example.org", "password": "right horse"}
FRESH: dict[str, Any] = {
    "openai.enable": True,
    "openai.api_base_urls": ["https://api.openai.com/v1"],
    "openai.api_keys": [""],
    "openai.api_configs": {},
    "ollama.enable": True,
    "direct.enable": False,
    "models.base_models_cache": False,
    "task.model.default": "",
    "task.model.external": "",
    "ui.default_models": None,
    "ui.model_order_list": [],
    "ui.prompt_suggestions": None,
    "ui.enable_community_sharing": True,
    "rag.embedding_engine": "",
    "rag.embedding_model": "a-model",
    "audio.stt.engine": "",
    "web.search.enable": False,
}
OPENAI_FORM = {
    "ENABLE_OPENAI_API": "openai.enable",
    "OPENAI_API_BASE_URLS": "openai.api_base_urls",
    "OPENAI_API_KEYS": "openai.api_keys",
    "OPENAI_API_CONFIGS": "openai.api_configs",
}


class Refused(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class OpenWebUI:
    """State is plain attributes: tests look at them, and change them as an admin would in the browser."""

    def __init__(self) -> None:
        self.config = deepcopy(FRESH)
        self.models: dict[str, dict[str, Any]] = {}
        self.functions: dict[str, dict[str, Any]] = {}
        self.groups: dict[str, str] = {}
        self.passthrough = False
        self.role = "admin"
        self.writes: list[tuple[str, Any]] = []
        self.refuse: set[str] = set()

    def get(self, path: str) -> Any:
        match path:
            case "/api/version":
                return {"version": "0.12.4"}
            case "/api/v1/configs/export":
                return self.config
            case "/api/v1/models/all":
                return list(self.models.values())
            case "/api/v1/functions/export":
                return list(self.functions.values())
            case "/api/v1/groups/":
                return [{"name": name, "id": id} for name, id in self.groups.items()]
            case "/api/models":
                return {"data": [{"id": id} for id in self.models]}
        if path.startswith("/openai/"):
            raise Refused(200 if self.passthrough else 403, "Direct API passthrough is disabled.")
        raise Refused(404, "Not Found")

    def post(self, path: str, body: Any) -> Any:
        if path == "/api/v1/auths/signin":
            if body != ADMIN:
                raise Refused(400, "The email or password provided is incorrect.")
            return {"token": "t", "role": self.role}
        if path in self.refuse:
            raise Refused(500, "it broke")
        self.writes.append((path, body))
        if path.startswith("/api/v1/functions/id/"):
            return self._function(*path.removeprefix("/api/v1/functions/id/").split("/", 1), body)
        match path:
            case "/api/v1/configs/import":
                self.config |= body["config"]
            case "/openai/config/update":
                self.config |= {OPENAI_FORM[name]: value for name, value in body.items()}
            case "/api/v1/retrieval/embedding/update":
                self.config["rag.embedding_engine"] = body["RAG_EMBEDDING_ENGINE"]
                self.config["rag.embedding_model"] = body["RAG_EMBEDDING_MODEL"]
            case "/api/v1/retrieval/config/update":
                self.config["rag.reranking_engine"] = body["RAG_RERANKING_ENGINE"]
            case "/api/v1/functions/create":
                self.functions[body["id"]] = {**body, "is_active": False, "is_global": False}
            case "/api/v1/models/create":
                self.models[body["id"]] = {"access_grants": [], **body}
            case "/api/v1/models/model/update":
                row = self._known(self.models, body["id"])
                row |= {name: value for name, value in body.items() if name != "access_grants"}
            case "/api/v1/models/model/access/update":
                self._known(self.models, body["id"])["access_grants"] = body["access_grants"]
            case _:
                raise Refused(404, "Not Found")
        return {}

    def _function(self, id: str, action: str, body: Any) -> Any:
        row = self._known(self.functions, id)
        match action:
            case "toggle":
                row["is_active"] = not row["is_active"]
            case "toggle/global":
                row["is_global"] = not row["is_global"]
            case "update":
                row |= body
        return row

    @staticmethod
    def _known(rows: dict[str, Any], id: str) -> Any:
        if id not in rows:
            raise Refused(401, "We could not find what you're looking for :/")
        return rows[id]


class Gateway:
    """A gateway that only lists its models."""

    def __init__(self, *ids: str) -> None:
        self.ids = list(ids)
        self.key = "gateway key"

    def get(self, path: str) -> Any:
        return {"data": [{"id": id, "name": id} for id in self.ids]}


class Served:
    """Serve one of the two for as long as the block runs."""

    def __init__(self, app: OpenWebUI | Gateway) -> None:
        self.app = app
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app = self.app

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._answer(lambda: app.get(urlsplit(self.path).path))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                self._answer(lambda: app.post(urlsplit(self.path).path, body))

            def _answer(self, ask: Any) -> None:
                try:
                    status, value = 200, ask()
                    key = getattr(app, "key", None)
                    if key and self.headers.get("Authorization") != f"Bearer {key}":
                        raise Refused(401, "wrong key")
                except Refused as refusal:
                    status, value = refusal.status, {"detail": str(refusal)}
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        return Handler
