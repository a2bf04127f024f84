"""Talk to Open WebUI's admin API: sign in, read what there is, write what differs."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

import requests

from sluice.provision.errors import CallFailed, ProvisionError
from sluice.provision.settings import Settings

TIMEOUT = 60.0  # seconds; changing the embedding engine loads a model
PATIENCE = 30.0  # seconds to wait for a server that is still starting
PASSTHROUGH_PROBE = "/openai/sluice-passthrough-probe"


@dataclass(frozen=True, slots=True)
class Write:
    """One call that changes Open WebUI; `what` completes 'Open WebUI refused to …'."""

    what: str
    path: str
    body: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """Everything that provisioning looks at, as one reading."""

    version: str
    config: Mapping[str, Any] = field(repr=False)
    models: Mapping[str, Mapping[str, Any]]
    functions: Mapping[str, Mapping[str, Any]] = field(repr=False)
    groups: Mapping[str, str]  # name → id
    passthrough: bool


class WebUI:
    """A signed-in admin; counts its writes."""

    def __init__(self, settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.writes = 0
        self._settings = settings
        self._sleep = sleep
        self._session = requests.Session()
        # No proxy and no .netrc: the address is ours, and the password must not go elsewhere.
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def sign_in(self, patience: float = PATIENCE) -> None:
        """Sign in with the admin's password; waits up to `patience` seconds for a starting server."""
        url = self._settings.webui_url
        answer = self._first_answer(
            f"{url}/api/v1/auths/signin",
            {"email": self._settings.admin_email, "password": self._settings.admin_password},
            patience,
        )
        if answer.status_code in {400, 401}:
            raise ProvisionError(
                f"Open WebUI at {url} does not accept the password of {self._settings.admin_email}. If it was"
                " changed in the browser, write the new one into the file of SLUICE_ADMIN_PASSWORD_FILE."
            )
        if answer.status_code == 429:
            raise ProvisionError("Open WebUI saw too many sign-ins of this admin. Wait three minutes, then try again.")
        body = _json(answer)
        if answer.status_code != 200 or not isinstance(body, dict) or "token" not in body:
            raise ProvisionError(f"{url} answered {answer.status_code} to the sign-in. Is it Open WebUI?")
        if body.get("role") != "admin":
            raise ProvisionError(f"{self._settings.admin_email} is no admin of Open WebUI, so nothing was changed.")
        self._session.headers["Authorization"] = f"Bearer {body['token']}"

    def _first_answer(self, url: str, body: dict[str, str], patience: float) -> requests.Response:
        waited = 0.0
        while True:
            try:
                answer = self._session.post(url, json=body, timeout=TIMEOUT)
                if answer.status_code not in {502, 503, 504} or waited >= patience:
                    return answer
            except requests.RequestException as error:
                if waited >= patience:
                    raise ProvisionError(
                        f"Open WebUI does not answer at {self._settings.webui_url}. Start it"
                        " (`./scripts/up`), or correct SLUICE_WEBUI_URL."
                    ) from error
            self._sleep(1.0)
            waited += 1.0

    def read(self) -> State:
        """Read everything; writes nothing."""
        models = self._list("read the models", "/api/v1/models/all")
        functions = self._list("read the functions", "/api/v1/functions/export")
        groups = self._list("read the groups", "/api/v1/groups/")
        version = self._get("read its version", "/api/version")
        return State(
            version=str(version.get("version", "?")),
            config=self._get("read its configuration", "/api/v1/configs/export"),
            models={row["id"]: row for row in models},
            functions={row["id"]: row for row in functions},
            groups={row["name"]: row["id"] for row in groups},
            passthrough=self._passthrough(),
        )

    def write(self, write: Write) -> None:
        """Make one change; raises CallFailed with Open WebUI's own words."""
        self.writes += 1
        self._checked(write.what, self._call("POST", write.path, write.body))

    def refresh(self) -> list[str]:
        """Have Open WebUI list its models anew, and return the ids it offers."""
        answer = self._get("list its models", "/api/models?refresh=true")
        return [row["id"] for row in answer.get("data", [])]

    def _passthrough(self) -> bool:
        # An environment setting that no route shows: with it off, Open WebUI refuses any unknown path itself.
        return self._call("GET", PASSTHROUGH_PROBE, None).status_code != 403

    def _get(self, what: str, path: str) -> dict[str, Any]:
        return cast(dict[str, Any], self._checked(what, self._call("GET", path, None)))

    def _list(self, what: str, path: str) -> list[dict[str, Any]]:
        return cast(list[dict[str, Any]], self._checked(what, self._call("GET", path, None)))

    def _call(self, method: str, path: str, body: Any) -> requests.Response:
        try:
            return self._session.request(method, f"{self._settings.webui_url}{path}", json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise ProvisionError(
                f"Open WebUI at {self._settings.webui_url} stopped answering. Look at its log, then run"
                " `sluice provision` again: what is done stays done."
            ) from error

    @staticmethod
    def _checked(what: str, answer: requests.Response) -> Any:
        body = _json(answer)
        if answer.status_code >= 400 or body is None:
            # A missing id answers 401 here, the same as a missing right; only the words differ.
            detail = body.get("detail") if isinstance(body, dict) else "no JSON"
            raise CallFailed(what, answer.status_code, str(detail)[:200])
        return body


def gateway_models(settings: Settings) -> dict[str, str]:
    """Return what the gateway offers, id → name; raises ProvisionError with what to do."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"{settings.gateway_url}/models",
                headers={"Authorization": f"Bearer {settings.gateway_key}"},
                timeout=TIMEOUT,
            )
    except requests.RequestException as error:
        raise ProvisionError(
            f"The gateway does not answer at {settings.gateway_url}. Start it (`./scripts/up`), or correct"
            " SLUICE_GATEWAY_URL."
        ) from error
    if answer.status_code in {401, 403}:
        raise ProvisionError(f"The gateway at {settings.gateway_url} does not accept the key in SLUICE_KEY.")
    body = _json(answer)
    if answer.status_code != 200 or not isinstance(body, dict) or not body.get("data"):
        raise ProvisionError(f"{settings.gateway_url}/models answered {answer.status_code} without a list of models.")
    return {row["id"]: row.get("name") or row["id"] for row in body["data"]}


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
