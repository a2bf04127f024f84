"""A configuration is checked whole: each fault gives file, line, what is wrong and how to mend it."""

from decimal import Decimal
from pathlib import Path

import pytest
from sluice.config import Config, load, parse
from sluice.errors import ConfigError

PATH = Path("sluice.yaml")
ROOT = Path(__file__).resolve().parents[2]
MODEL = """\
model_list:
  - model_name: qwen
    litellm_params:
      model: ollama_chat/qwen3:8b
      api_base: http://127.0.0.1:11434
"""
RULE = f"{MODEL}routing:\n  rules:\n    - when: {{"


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, PATH, {})
    return caught.value.problems


def config_of(text: str, environ: dict[str, str] | None = None) -> Config:
    return parse(text, PATH, environ or {})


@pytest.mark.parametrize(
    ("text", "line", "what", "mend"),
    [
        ("", 1, "expected `model_list:`", "Start from compose/sluice.yaml"),
        ("just words", 1, "expected `model_list:`", "Start from compose/sluice.yaml"),
        ("routing: {}\n", 1, "`model_list` is missing", "Add it"),
        ("model_list: []\n", 1, "`model_list` is empty", "name at least one model"),
        ("model_list:\n  - model_name: a\n", 2, "`model_list[0].litellm_params` is missing", "Add it"),
        (MODEL + "routing:\n  auto_treshold: 0.5\n", 7, "is not a known setting", "Did you mean `auto_threshold`?"),
        (MODEL + "routing:\n  rules:\n    - {use: smal}\n", 8, "names no role or model", "Did you mean `small`?"),
        (MODEL + "routing:\n  rules:\n    - {use: local, threshold: 1}\n", 8, "has exactly one of", "make it several"),
        (RULE + "kind: coding}\n      use: coder\n", 8, "kind", "must be one of"),
        (
            MODEL + "routing:\n  rules:\n    - when:\n        expression: kindd == 'code'\n      use: coder\n",
            9, "`kindd` is no signal", "did you mean `kind`",
        ),
        (RULE + "expression: 'lane.x'}\n      use: coder\n", 8, "uses more", "leave that"),
        (RULE + "expression: '9**9'}\n      use: coder\n", 8, "uses more", "leave that"),
        (RULE + "expression: 'kind > 3'}\n      use: coder\n", 8, "cannot be", "like"),
        (RULE + "expression: 'if'}\n      use: coder\n", 8, "no expression", "write"),
        (RULE + "time: '8 to 9'}\n      use: coder\n", 8, "hours", "20:00-06:00"),
        (MODEL + "routing:\n  time_zone: Europe/Berln\n", 7, "no time zone", "did you mean `Europe/Berlin`"),
        (MODEL + "zebra: 1\n", 6, "`zebra` is not a known setting", "Known here: budgets, energy, ledger, model_list"),
        (MODEL + "routing:\n  auto_threshold: 3\n", 7, "less than or equal to 1", "Correct it"),
        (MODEL + "routing:\n  idle_seconds: soon\n", 7, "valid number", "Correct it"),
        (MODEL + "    model_info: {location: moon}\n", 6, "must be one of", "'local' or 'cloud'"),
        (MODEL + "    model_info: {roles: [boss]}\n", 6, "roles[0]` must be one of", "'standard'"),
        (MODEL + "    model_info: {trusted_locl: true}\n", 6, "`trusted_locl` is not known", "did you mean"),
        (MODEL.replace("qwen\n", "a/b\n"), 2, "may hold only letters", "Rename it"),
        (MODEL.replace("qwen\n", "local\n"), 2, "is the name of a lane", "my-local"),
        (MODEL + MODEL.removeprefix("model_list:\n"), 1, "used more than once: qwen", "must be unique"),
        (MODEL + "privacy:\n  actions: {personel: local}\n", 7, "personel` must be one of", "'personal'"),
        (MODEL + "privacy:\n  actions: {personal: {auto: hide}}\n", 7, "personal.auto`", "'local' or 'block'"),
        (MODEL + "privacy:\n  actions: {personal: {pickt: mask}}\n", 7, "pickt", "picked"),
        (MODEL + "budgets:\n  - {scope: user, period: year, limit_usd: 1}\n", 7, "must be one of", "'month'"),
        (MODEL + "budgets:\n  - {scope: user, period: day, limit_usd: -1}\n", 7, "greater than or equal", "Correct it"),
        (MODEL + "server: {max_request_bytes: 12}\n", 6, "greater than 1024", "Correct it"),
        (MODEL + "server: {}\nserver: {}\n", 7, "`server` stands twice", "Remove one of them"),
        (MODEL + "routing: [\n", 7, "not valid YAML", "Check indentation, colons and quotes"),
        (MODEL + "\tx: 1\n", 6, "not valid YAML", "Check indentation"),
    ],
    ids=lambda value: value.splitlines()[-1] if isinstance(value, str) and value else None,
)  # fmt: skip
def test_a_fault_names_file_line_what_is_wrong_and_how_to_mend_it(text: str, line: int, what: str, mend: str) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith(f"sluice.yaml, line {line}: ")
    assert what in problem
    assert mend in problem


def test_all_faults_are_told_at_once() -> None:
    text = MODEL + "routing:\n  auto_threshold: 3\n  idle_secs: 1\nserver:\n  body_seconds: 0\n"

    problems = problems_of(text)

    assert [problem.split(":")[0] for problem in problems] == [f"sluice.yaml, line {n}" for n in (7, 8, 10)]


def test_a_file_that_is_not_there_says_which_variable_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Set SLUICE_CONFIG"):
        load(tmp_path / "none.yaml", {})


def test_a_file_that_is_no_text_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "sluice.yaml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigError, match="cannot be read"):
        load(path, {})


def test_a_deeply_nested_file_is_an_error_in_words() -> None:
    (problem,) = problems_of("model_list: " + "[" * 5000)

    assert "not valid YAML" in problem


@pytest.mark.parametrize("text", ["&a [*a]", "{[1]: 2}", "? {a: 1}\n: 2", "model_list: !!python/object:os.system x"])
def test_yaml_that_no_configuration_needs_is_an_error_in_words(text: str) -> None:
    for problem in problems_of(text):
        assert problem.startswith("sluice.yaml")


def test_an_error_holds_no_value_of_the_file() -> None:
    problems = problems_of(MODEL + "      api_key: [sk-canary-1]\nrouting: {idle_seconds: sk-canary-2}\n")

    assert len(problems) == 2
    assert "canary" not in " ".join(problems)


def test_a_list_of_models_alone_gets_careful_defaults() -> None:
    config = config_of(MODEL)

    assert config.routing.auto_threshold == 0.8
    assert config.budgets == ()
    assert config.privacy.actions == {}
    assert not config.server.allow_pipeline_upload
    assert [(d.name, d.declared, d.roles) for d in config.deployments] == [("qwen", "local", ())]


@pytest.mark.parametrize("section", ["routing", "privacy", "budgets", "prices", "server"])
def test_a_section_with_everything_commented_out_means_its_defaults(section: str) -> None:
    assert config_of(f"{MODEL}{section}:\n  # nothing\n").server == config_of(MODEL).server


@pytest.mark.parametrize(
    ("model", "declared"),
    [("ollama_chat/x", "local"), ("ollama/x", "local"), ("openai/x", "cloud"), ("anthropic/x", "cloud")],
)
def test_only_ollama_is_local_unless_the_file_says_otherwise(model: str, declared: str) -> None:
    config = config_of(f"model_list: [{{model_name: m, litellm_params: {{model: {model}}}}}]")

    assert config.deployments[0].declared == declared


def test_a_cloud_model_without_its_key_is_unavailable_with_the_reason() -> None:
    params = "{model: openai/gpt-4.1, api_key: os.environ/OPENAI_API_KEY}"
    text = f"model_list: [{{model_name: gpt, litellm_params: {params}}}]"

    (deployment,) = config_of(text).deployments

    assert deployment.missing == ("OPENAI_API_KEY is not set",)
    assert "api_key" not in deployment.params


def test_other_parameters_of_litellm_are_passed_on_as_they_are() -> None:
    (deployment,) = config_of(MODEL + "      api_version: '2024'\n      rpm: 6\n").deployments

    assert dict(deployment.params) == {"api_base": "http://127.0.0.1:11434", "api_version": "2024", "rpm": 6}


def test_a_deployment_never_prints_its_key() -> None:
    config = config_of(MODEL + "      api_key: sk-canary\n")

    assert "sk-canary" not in repr(config)


def test_money_is_decimal() -> None:
    config = config_of(MODEL + "prices: {qwen: {input_per_million: 0.1, output_per_million: 8}}\n")

    assert config.prices["qwen"].input_per_million == Decimal("0.1")


def test_the_version_changes_with_any_byte() -> None:
    assert config_of(MODEL).version != config_of(MODEL + "#").version


def test_the_shipped_configuration_is_valid_without_any_key() -> None:
    config = load(ROOT / "compose" / "sluice.yaml", {"OLLAMA_BASE_URL": "http://ollama:11434"})

    usable = [d.name for d in config.deployments if not d.missing]
    assert usable == ["qwen3-8b", "llama3.2-3b", "qwen2.5-coder-7b", "qwen2.5-vl-7b"]
    assert all(d.missing for d in config.deployments if d.declared == "cloud")


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"])
def test_either_cloud_key_alone_gives_the_shipped_configuration_a_cloud_lane(name: str) -> None:
    config = load(ROOT / "compose" / "sluice.yaml", {name: "sk-canary"})

    assert any("cloud" in d.roles and not d.missing for d in config.deployments)


def test_the_rules_that_the_shipped_configuration_shows_are_valid() -> None:
    text = (ROOT / "compose" / "sluice.yaml").read_text(encoding="utf-8")
    shown = text.replace("rules: []", "rules:").replace("  #  - { ", "    - { ")

    assert len(config_of(shown).routing.rules) == 4
