"""Run the real gateway in a process of its own, cut off from the network, between two stand-ins."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import jwt

ROOT = Path(__file__).resolve().parents[2]
KEY = "a-key-for-tests-only-0123456789"
SECRET = "a-secret-for-tests-only-" * 3
PATIENCE = 60.0  # seconds to wait for what must happen, on a slow machine too

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: os.environ/OLLAMA_BASE_URL}
    model_info: {roles: [standard, small]}
  - model_name: gpt
    litellm_params: {model: openai/gpt-4.1, api_base: os.environ/OPENAI_API_BASE, api_key: os.environ/OPENAI_API_KEY}
    model_info: {location: cloud, roles: [cloud, frontier]}
routing: {first_token_seconds: 30, idle_seconds: 30, cooldown_seconds: 0, health_seconds: 1}
server: {max_request_bytes: 1000000, body_seconds: 2, shutdown_seconds: 20}
"""


def wait_until(holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until something holds; fail with `what` was awaited."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.05)


def person(user: str = "u-1", *, message: str = "m-1", task: str = "") -> dict[str, str]:
    """The headers of Open WebUI's connection for a user in a new chat; without `message` those of an API call."""
    now = int(time.time())
    claims = {"sub": user, "role": "user", "iss": "open-webui", "iat": now, "exp": now + 600}
    return {
        "X-OpenWebUI-User-Jwt": jwt.encode(claims, SECRET, algorithm="HS256"),
        "X-Sluice-Chat": f"c-{uuid.uuid4()}",
        "X-Sluice-Message": message,
        "X-Sluice-Task": task,
    }


class Running:
    """A gateway process; `log` is the file with all that it printed."""

    def __init__(self, folder: Path, port: int, environ: Mapping[str, str], config: str = CONFIG) -> None:
        self.port = port
        self.data = folder / "data"
        self.config = folder / "sluice.yaml"
        self.config.write_text(config, encoding="utf-8")
        self.log = folder / "gateway.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._environ = {
            **environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "pipelines"), environ.get("PYTHONPATH", "")]),
            "SLUICE_CONFIG": str(self.config),
            "SLUICE_DATA": str(self.data),
            "SLUICE_PORT": str(port),
            "SLUICE_KEY": KEY,
            "SLUICE_IDENTITY_SECRET": SECRET,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def installed_at(self, folder: Path) -> None:
        """Run the package of another folder."""
        self._environ["PYTHONPATH"] = str(folder)

    def start(self, *, ready: bool = True) -> Self:
        """Start, and return when it listens, or when it is ready too."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sluice.cli", "serve"], env=self._environ, stdout=log, stderr=log, cwd=ROOT
            )
        wait_until(self._listens, "the gateway listens")
        if ready:
            wait_until(lambda: self.get("/readyz").status_code == 200, "the gateway is ready")
        return self

    def stop(self) -> int:
        """Ask it to end, as a service manager does, and return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            self.process.kill()

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def threads(self) -> int:
        """Threads of the process now."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Threads:"))

    def client(self, headers: Mapping[str, str] | None = None) -> httpx.Client:
        with_key = {"Authorization": f"Bearer {KEY}", **(headers or {})}
        return httpx.Client(base_url=self.url, headers=with_key, timeout=PATIENCE, trust_env=False)

    def get(self, path: str, **options: Any) -> httpx.Response:
        with self.client() as client:
            return client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        with self.client() as client:
            return client.post(path, **options)

    def ask(self, text: str, model: str = "auto", *, headers: Mapping[str, str] | None = None, **body: Any) -> Any:
        """One chat completion as a known person in Open WebUI, unless the headers say otherwise."""
        messages = body.pop("messages", [{"role": "user", "content": text}])
        sent = {"model": f"sluice.{model}", "messages": messages, **body}
        return self.post("/chat/completions", json=sent, headers=person() if headers is None else headers)

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.printed()
        try:
            return self.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False
