"""Variables are replaced as Compose replaces them."""

from pathlib import Path

import pytest
from sluice.errors import StartError
from sluice.workstation.interpolation import expand, interpolate, read_env_file, variables


# The table of https://docs.docker.com/reference/compose-file/interpolation/, but for the operators that report errors.
@pytest.mark.parametrize(
    ("text", "environ", "expanded"),
    [
        pytest.param("plain", {}, "plain", id="no variable"),
        pytest.param("$VAR/${VAR}", {"VAR": "a"}, "a/a", id="both forms"),
        pytest.param("${VAR:-word}", {"VAR": ""}, "word", id="default for empty"),
        pytest.param("${VAR-word}", {"VAR": ""}, "", id="default for unset only"),
        pytest.param("${VAR-word}", {}, "word", id="default"),
        pytest.param("${VAR:+word}", {"VAR": "x"}, "word", id="replacement"),
        pytest.param("${VAR:+word}", {"VAR": ""}, "", id="no replacement for empty"),
        pytest.param("${VAR+word}", {"VAR": ""}, "word", id="replacement for set"),
        pytest.param("${VAR:-${OTHER:-deep}}:1", {}, "deep:1", id="nested"),
        pytest.param("http://${A:-localhost}:${B:-3000}", {"B": "1"}, "http://localhost:1", id="several"),
        pytest.param("$$VAR costs $5", {}, "$VAR costs $5", id="dollar signs"),
        pytest.param("{{CHAT_ID}}", {}, "{{CHAT_ID}}", id="braces of another template"),
    ],
)
def test_variables_are_replaced(text: str, environ: dict[str, str], expanded: str) -> None:
    assert expand(text, environ) == expanded


def test_a_value_is_not_expanded_again() -> None:
    assert expand("${KEY:-}", {"KEY": "a$b${c}"}) == "a$b${c}"


@pytest.mark.parametrize("text", ["${VAR}", "${VAR", "${VAR:?needed}", "${1}"])
def test_what_has_no_value_is_a_sentence(text: str) -> None:
    with pytest.raises(StartError, match=r"compose\.yaml"):
        expand(text, {})


def test_only_strings_of_a_tree_are_looked_at() -> None:
    assert interpolate({"a": ["${X:-y}", 1, None, True]}, {}) == {"a": ["y", 1, None, True]}


def test_variables_tells_which_have_a_value_of_their_own() -> None:
    assert variables("${A:-${B}} $C ${D:-}") == {"A": True, "B": False, "C": False, "D": True}


def test_env_file_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\n\nPLAIN=one two # not this\nHASH=a#b\nexport SHELL_LIKE=x\n"
        'SINGLE=\'a $b # c\'\nDOUBLE="a \\"b\\" # c"\nEMPTY=\n'
    )

    assert read_env_file(path) == {
        "PLAIN": "one two",
        "HASH": "a#b",
        "SHELL_LIKE": "x",
        "SINGLE": "a $b # c",
        "DOUBLE": 'a "b" # c',
        "EMPTY": "",
    }


def test_no_env_file_is_no_variable(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == {}


def test_a_broken_line_of_the_env_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("GOOD=1\nthis is no setting\n")

    with pytest.raises(StartError, match="line 2"):
        read_env_file(path)
