"""Provisioning against Open WebUI's admin API: what it writes, what it leaves alone, what it says."""

from dataclasses import replace
from pathlib import Path

import pytest
from sluice.chat import read_call
from sluice.provision import Settings, files, provision
from sluice.provision import run as run_command
from sluice.provision.errors import PresetError, ProvisionError
from sluice.provision.settings import from_environ

from tests.provision.conftest import Provision
from tests.provision.openwebui import Gateway, OpenWebUI

EVERYONE = [{"principal_type": "user", "principal_id": "*", "permission": "read"}]


def test_the_second_run_writes_nothing(run: Provision, webui: OpenWebUI) -> None:
    first = run()
    written = len(webui.writes)
    second = run()

    assert first.changes
    assert first.writes == written
    assert not first.failed
    assert (second.writes, second.changes, second.kept, second.left) == (0, (), (), ())
    assert len(webui.writes) == written
    assert second.lines()[-1] == "0 changes (0 writes)."


def test_a_check_writes_nothing_and_fails_until_open_webui_is_in_line(run: Provision, webui: OpenWebUI) -> None:
    before = run(check=True)
    assert before.exit_code == 1
    assert webui.writes == []

    run()
    after = run(check=True)

    assert after.exit_code == 0
    assert after.lines()[-1] == "0 changes: Open WebUI is as presets/ asks."


def test_the_gateway_replaces_the_factory_connection_and_tasks_stay_local(
    run: Provision, webui: OpenWebUI, settings: Settings
) -> None:
    run()

    assert webui.config["openai.api_base_urls"] == [settings.gateway_url]
    assert webui.config["openai.api_keys"] == ["gateway key"]
    assert webui.config["openai.api_configs"]["0"]["headers"]["X-Sluice-Task"] == "{{TASK}}"
    assert webui.config["task.model.default"] == webui.config["task.model.external"] == "sluice.local"
    assert webui.config["ollama.enable"] is False
    assert webui.config["ui.default_models"] == "auto"
    assert webui.config["ui.model_order_list"][:2] == ["auto", "private"]


def test_every_gateway_model_is_hidden_active_and_readable_by_all(
    run: Provision, webui: OpenWebUI, gateway: Gateway
) -> None:
    run()

    for id in gateway.ids:
        row = webui.models[id]
        assert row["meta"]["hidden"] is True, id
        assert row["is_active"] is True, id
        assert row["base_model_id"] is None, id
        assert row["access_grants"] == EVERYONE, id


def test_presets_stand_on_lanes_and_are_readable_by_all(run: Provision, webui: OpenWebUI) -> None:
    run()

    visible = {id: row["base_model_id"] for id, row in webui.models.items() if not row["meta"].get("hidden")}
    assert visible == {
        "auto": "sluice.auto",
        "private": "sluice.local",
        "everyday": "sluice.standard",
        "quick": "sluice.small",
        "code-review": "sluice.coder",
        "deep-analysis": "sluice.frontier",
    }
    assert all(webui.models[id]["access_grants"] == EVERYONE for id in visible)


def test_functions_end_up_active_and_global_with_their_valves_untouched(
    run: Provision, webui: OpenWebUI, settings: Settings
) -> None:
    run()

    names = {path.stem for path in settings.functions.glob("*.py")}
    # Open WebUI knows no global event functions: they are told of everything once they are active.
    assert {id: (row["is_active"], row["is_global"]) for id, row in webui.functions.items()} == {
        name: (True, name not in {"sluice_console", "ratings"}) for name in names
    }
    assert not [path for path, _ in webui.writes if "valves" in path or "sync" in path]


@pytest.mark.usefixtures("in_line")
def test_a_new_version_of_a_function_is_written_and_its_switches_stay(
    run: Provision, webui: OpenWebUI, settings: Settings
) -> None:
    webui.functions["pii_guard"]["content"] = "an old version"
    webui.writes.clear()

    report = run()

    assert report.changes == ("function pii_guard: content updated",)
    assert [path for path, _ in webui.writes] == ["/api/v1/functions/id/pii_guard/update"]
    assert webui.functions["pii_guard"]["content"] == (settings.functions / "pii_guard.py").read_text("utf-8")
    assert webui.functions["pii_guard"]["is_active"] is True


@pytest.mark.usefixtures("in_line")
def test_a_function_that_an_admin_switched_off_stays_off_until_forced(run: Provision, webui: OpenWebUI) -> None:
    webui.functions["cost_tracker"]["is_active"] = False

    plain = run()
    assert webui.functions["cost_tracker"]["is_active"] is False
    assert plain.kept == ("function cost_tracker: an admin switched active off (`provision --force` switches it back)",)

    run(force=True)
    assert webui.functions["cost_tracker"]["is_active"] is True


@pytest.mark.usefixtures("in_line")
def test_an_admins_words_in_a_preset_are_kept_and_shown_until_forced(run: Provision, webui: OpenWebUI) -> None:
    webui.models["auto"]["meta"]["description"] = "Our house rules apply."
    webui.models["auto"]["params"]["temperature"] = 0.1

    plain = run()
    assert webui.models["auto"]["meta"]["description"] == "Our house rules apply."
    assert plain.writes == 0
    assert plain.kept == ("preset Auto: an admin changed the description (`provision --force` restores it)",)

    forced = run(force=True)
    assert forced.changes == ("preset Auto: the description",)
    assert webui.models["auto"]["params"]["temperature"] == 0.1, "a field that is not ours"


@pytest.mark.usefixtures("in_line")
def test_a_new_preset_file_updates_what_the_admin_did_not_touch(
    run: Provision, webui: OpenWebUI, settings: Settings, tmp_path: Path
) -> None:
    webui.models["quick"]["meta"]["description"] = "Our house rules apply."
    changed = _presets(settings, tmp_path, "quick.yaml", "temperature: 0.3", "top_p: 0.8")

    report = provision(replace(settings, presets=changed), patience=0)

    assert report.changes == ("preset Quick: the top_p, the temperature",)
    assert webui.models["quick"]["params"].get("temperature") is None
    assert webui.models["quick"]["params"]["top_p"] == 0.8
    assert webui.models["quick"]["meta"]["description"] == "Our house rules apply."


@pytest.mark.usefixtures("in_line")
def test_the_priority_of_a_preset_reaches_the_gateway_with_each_call(
    run: Provision, webui: OpenWebUI, settings: Settings, tmp_path: Path
) -> None:
    assert "custom_params" not in webui.models["quick"]["params"]
    changed = _presets(settings, tmp_path, "quick.yaml", "lane: small", "lane: small\npriority: high")

    report = provision(replace(settings, presets=changed), patience=0)

    assert report.changes == ("preset Quick: the priority",)
    sent = webui.models["quick"]["params"]["custom_params"]
    assert sent == {"sluice_preset": {"priority": "high"}}
    call = read_call({"model": "sluice.small", "messages": [{"role": "user", "content": "x"}], **sent})
    assert call.priority == "high"


@pytest.mark.usefixtures("in_line")
def test_where_a_preset_runs_is_set_back(run: Provision, webui: OpenWebUI) -> None:
    webui.models["private"]["base_model_id"] = "sluice.frontier"

    report = run()

    assert report.changes == ("preset Private: the model beneath",)
    assert webui.models["private"]["base_model_id"] == "sluice.local"


@pytest.mark.usefixtures("in_line")
def test_a_lost_grant_of_a_lane_is_set_back_through_its_own_route(run: Provision, webui: OpenWebUI) -> None:
    webui.models["sluice.local"]["access_grants"] = []
    webui.models["sluice.auto"]["is_active"] = False
    webui.writes.clear()

    run()

    assert webui.models["sluice.local"]["access_grants"] == EVERYONE
    assert webui.models["sluice.auto"]["is_active"] is True
    assert [path for path, _ in webui.writes] == [
        "/api/v1/models/model/update",
        "/api/v1/models/model/access/update",
    ]


@pytest.mark.usefixtures("in_line")
def test_an_outside_connection_is_reported_then_switched_off_with_its_key_kept(
    run: Provision, webui: OpenWebUI
) -> None:
    webui.config["openai.api_base_urls"].append("https://cloud.example.com/v1")
    webui.config["openai.api_keys"].append("their key")

    check = run(check=True)
    assert check.exit_code == 1
    assert check.changes == (
        "connection: https://cloud.example.com/v1 is outside and would bypass the gateway: switched off",
    )

    run()
    assert webui.config["openai.api_configs"]["1"] == {"enable": False}
    assert webui.config["openai.api_keys"][1] == "their key"
    assert run(check=True).exit_code == 0


@pytest.mark.usefixtures("in_line")
def test_a_second_server_in_the_own_network_is_left_alone(run: Provision, webui: OpenWebUI) -> None:
    webui.config["openai.api_base_urls"].append("http://192.168.1.20:8000/v1")
    webui.config["openai.api_keys"].append("")

    assert run(check=True).exit_code == 0


def test_no_secret_is_in_the_report(run: Provision, webui: OpenWebUI, settings: Settings) -> None:
    webui.config["openai.api_keys"] = ["sk-of-the-admin"]
    report = run()
    webui.config["openai.api_keys"][0] = "sk-another"
    text = "\n".join([*report.lines(), *run(check=True).lines(), repr(settings)])

    assert not [s for s in ("sk-of", "sk-another", "gateway key", "right horse") if s in text]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"direct.enable": True}, "setting: direct.enable was True, now False"),
        ({"web.search.enable": True}, "setting: web.search.enable was True, now False"),
        ({"task.model.external": "gpt"}, "setting: task.model.external was gpt, now sluice.local"),
        ({"audio.stt.engine": "openai", "audio.stt.openai.api_base_url": "https://api.openai.com/v1"},
         "engine: speech to text went outside, to https://api.openai.com/v1: set back to this machine"),
        ({"audio.tts.engine": "elevenlabs"},
         "engine: text to speech went outside, to elevenlabs: set back to this machine"),
        ({"rag.embedding_engine": "openai", "rag.openai.api_base_url": "https://api.openai.com/v1"},
         "engine: embeddings went outside, to https://api.openai.com/v1: set back to this machine"),
        ({"rag.reranking_engine": "external", "rag.external_reranker_url": "https://rank.example.com"},
         "engine: reranking went outside, to https://rank.example.com: set back to this machine"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
@pytest.mark.usefixtures("in_line")
def test_what_would_go_around_the_gateway_is_drift_and_is_set_back(
    run: Provision, webui: OpenWebUI, changed: dict[str, object], sentence: str
) -> None:
    webui.config |= changed

    check = run(check=True)
    assert (check.changes, check.exit_code) == ((sentence,), 1)

    run()
    assert run(check=True).exit_code == 0


@pytest.mark.usefixtures("in_line")
def test_what_only_a_person_can_judge_is_left_and_named(run: Provision, webui: OpenWebUI) -> None:
    webui.config["tool_server.connections"] = [{"url": "https://tools.example.com", "config": {"enable": True}}]
    webui.functions["own_pipe"] = {"id": "own_pipe", "type": "pipe", "is_active": True, "meta": {}}
    webui.passthrough = True

    report = run()
    assert report.writes == 0
    assert report.exit_code == 0
    named = ("tools.example.com", "own_pipe", "PASSTHROUGH")
    assert [word in line for word, line in zip(named, report.left, strict=True)] == [True] * 3
    assert run(check=True).exit_code == 1


@pytest.mark.usefixtures("in_line")
@pytest.mark.parametrize("kind", ["filter", "action", "event", "pipe"])
def test_every_active_function_of_another_is_named(run: Provision, webui: OpenWebUI, kind: str) -> None:
    webui.functions["theirs"] = {"id": "theirs", "type": kind, "is_active": True, "meta": {}}
    webui.functions["asleep"] = {"id": "asleep", "type": kind, "is_active": False, "meta": {}}

    report = run(check=True)

    assert report.exit_code == 1
    assert ["theirs" in line and "guarded" in line for line in report.left] == [True]


@pytest.mark.usefixtures("in_line")
def test_accepted_hosts_are_no_drift(run: Provision, webui: OpenWebUI, settings: Settings, tmp_path: Path) -> None:
    webui.config["tool_server.connections"] = [{"url": "https://tools.example.com/x"}]
    presets = _presets(settings, tmp_path, "open-webui.yaml", "hosts: []", "hosts: [tools.example.com]")

    assert provision(replace(settings, presets=presets), check=True, patience=0).exit_code == 0


@pytest.mark.usefixtures("in_line")
def test_the_admins_default_model_is_kept(run: Provision, webui: OpenWebUI) -> None:
    webui.config["ui.default_models"] = "private"

    assert run().kept == ("setting ui.default_models: an admin chose another value (`provision --force` sets ours)",)
    run(force=True)
    assert webui.config["ui.default_models"] == "auto"


def test_a_preset_for_groups_is_shared_with_them_alone_and_so_is_its_lane(
    webui: OpenWebUI, settings: Settings, tmp_path: Path
) -> None:
    webui.groups = {"Analysts": "group-1"}
    presets = _presets(settings, tmp_path, "deep-analysis.yaml", "lane: frontier", "lane: frontier\naccess: [Analysts]")

    provision(replace(settings, presets=presets), patience=0)

    analysts = [{"principal_type": "group", "principal_id": "group-1", "permission": "read"}]
    assert webui.models["deep-analysis"]["access_grants"] == analysts
    assert webui.models["sluice.frontier"]["access_grants"] == analysts
    assert webui.models["sluice.local"]["access_grants"] == EVERYONE


def test_an_unknown_group_is_named(webui: OpenWebUI, settings: Settings, tmp_path: Path) -> None:
    presets = _presets(settings, tmp_path, "quick.yaml", "lane: small", "lane: small\naccess: [Nobody]")

    report = provision(replace(settings, presets=presets), patience=0)

    assert report.left == ("preset Quick: Open WebUI has no group `Nobody`. Create it, then run provision again.",)


def test_the_embedding_engine_follows_the_environment(webui: OpenWebUI, settings: Settings) -> None:
    embedding = {"rag.embedding_engine": "", "rag.embedding_model": "/models/minilm"}

    provision(replace(settings, embedding=embedding), patience=0)

    assert webui.config["rag.embedding_model"] == "/models/minilm"


def test_one_refused_write_does_not_keep_the_others_from_being_made(run: Provision, webui: OpenWebUI) -> None:
    webui.refuse = {"/openai/config/update"}

    report = run()

    assert report.exit_code == 1
    assert report.failed == (
        "connection: the gateway is added: Open WebUI refused to change the connections (500: it broke)",
    )
    assert "private" in webui.models


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"admin_password": "wrong"}, "does not accept the password of admin@example.org"),
        ({"webui_url": "http://127.0.0.1:9"}, "Open WebUI does not answer at http://127.0.0.1:9. Start it"),
        ({"gateway_url": "http://127.0.0.1:9"}, "The gateway does not answer at http://127.0.0.1:9. Start it"),
        ({"gateway_key": "wrong"}, "does not accept the key in SLUICE_KEY"),
        ({"presets": Path("nowhere")}, "nowhere/open-webui.yaml does not exist. Set SLUICE_PRESETS"),
    ],
    ids=["password", "Open WebUI", "gateway", "key", "presets"],
)
def test_what_keeps_provisioning_from_running_is_a_sentence_with_a_way_out(
    settings: Settings, webui: OpenWebUI, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ProvisionError, match=sentence):
        provision(replace(settings, **change), patience=0)  # type: ignore[arg-type]

    assert webui.writes == []


def test_someone_who_is_no_admin_changes_nothing(settings: Settings, webui: OpenWebUI) -> None:
    webui.role = "user"

    with pytest.raises(ProvisionError, match="is no admin"):
        provision(settings, patience=0)


def test_every_missing_setting_is_named_at_once() -> None:
    with pytest.raises(ProvisionError) as caught:
        from_environ({"SLUICE_WEBUI_URL": "http://127.0.0.1:3000"})

    names = ("SLUICE_GATEWAY_URL", "SLUICE_ADMIN_EMAIL", "SLUICE_ADMIN_PASSWORD", "SLUICE_KEY")
    assert all(name in str(caught.value) for name in names)


def test_the_command_prints_a_report_and_says_by_its_code_how_it_went(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text(f"{settings.admin_password}\n")
    environ = {
        "SLUICE_WEBUI_URL": settings.webui_url,
        "SLUICE_GATEWAY_URL": f"{settings.gateway_url}/",
        "SLUICE_ADMIN_EMAIL": settings.admin_email,
        "SLUICE_ADMIN_PASSWORD_FILE": str(tmp_path / "password"),
        "SLUICE_KEY": settings.gateway_key,
        "SLUICE_PRESETS": str(settings.presets),
        "SLUICE_FUNCTIONS": str(settings.functions),
    }

    codes = [
        run_command(True, False, environ),
        run_command(False, False, environ),
        run_command(True, False, environ),
        run_command(False, False, {}),
    ]

    assert codes == [1, 0, 0, 2]
    printed = capsys.readouterr()
    assert "would change" in printed.out
    assert "Provisioning cannot start" in printed.err


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("lane: small", "lane: tiny", "quick.yaml: lane: `tiny` is no lane; there are auto, local, small"),
        ("name: Quick", "name: Quick\ncolour: red", "quick.yaml: colour: Extra inputs are not permitted"),
        ("icon: quick.png", "icon: none.png", "The icon .*none.png cannot be read"),
        ("id: quick", "id: auto", "More than one file in .* has the id auto"),
        ("name: Quick", "name: [Quick", "quick.yaml is not valid YAML"),
    ],
    ids=["lane", "unknown field", "icon", "twice", "YAML"],
)
def test_a_wrong_preset_file_is_named_with_what_to_mend(
    settings: Settings, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    presets = _presets(settings, tmp_path, "quick.yaml", old, new)

    with pytest.raises(PresetError, match=sentence):
        files.load(presets, settings.functions)


def _presets(settings: Settings, folder: Path, file: str, old: str, new: str) -> Path:
    """Copy the presets with one text replaced in one file."""
    for path in settings.presets.rglob("*.*"):
        copy = folder / "presets" / path.relative_to(settings.presets)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    changed = folder / "presets" / file
    text = changed.read_text("utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), "utf-8")
    return folder / "presets"
