"""Pasted pieces of an organisation's own code are recognised by hashes that hold no text."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from sluice.cli_privacy import fingerprint
from sluice.guard.documents import Documents
from sluice.guard.documents.code_tokens import tokenized
from sluice.guard.documents.fingerprints import Fingerprints, Unreadable, gathered
from sluice.guard.documents.repository import Taken, sources
from sluice.guard.values import Dictionary

from tests.bench.guarding import ordinary

OWN = '''
import os
from decimal import Decimal

class SettlementLedger:
    """Books what carriers owe."""

    def reconcile(self, manifests, tariff_table, carrier):
        owed = Decimal("0")
        for manifest in manifests:
            surcharge = tariff_table.lookup(manifest.lane, carrier.grade)
            if manifest.hazardous and surcharge is not None:
                owed += surcharge.amount * manifest.pallets
            elif carrier.prepaid_until >= manifest.departed:
                self.waived.append((manifest.consignment, "prepaid"))
            owed -= manifest.credit_notes.total()
        self.postings[carrier.code] = owed.quantize(Decimal("0.01"))
        return self.postings[carrier.code]
'''
LIBRARY = list(ordinary.library_texts(12))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("prints") / "own.prints"
    gathered([OWN, *LIBRARY[:2]], b"s" * 16).write(path)
    return path


def types(file: Path, text: str) -> set[str]:
    return {finding.type for finding in Documents(Dictionary(fingerprints=(str(file),))).find(text)}


PIECE = "\n".join(OWN.splitlines()[8:17])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Why is this slow?\n{PIECE}", id="as it is"),
        pytest.param(re.sub(r"(?m)^ {8}", "\t", PIECE), id="indented otherwise"),
        pytest.param(PIECE.replace('"prepaid"', '"already paid"').replace('"0"', "'zero'"), id="other strings"),
        pytest.param(re.sub(r"(?m)^", "+ ", PIECE), id="as a diff"),
    ],
)
def test_a_pasted_piece_of_eight_lines_is_recognised(file: Path, text: str) -> None:
    assert "FINGERPRINT" in types(file, text)


def test_public_code_and_a_line_or_two_are_not(file: Path) -> None:
    others = LIBRARY[2:]

    assert not any("FINGERPRINT" in types(file, text) for text in [*others, "\n".join(OWN.splitlines()[1:4])])


def test_the_file_holds_no_text_and_is_read_as_it_was_written(file: Path) -> None:
    read = Fingerprints.read(file)

    assert b"reconcile" not in file.read_bytes()
    assert len(read.hashes) > 10
    assert (read.hashes[1:] > read.hashes[:-1]).all()


@pytest.mark.parametrize("content", [b"", b"no\n", b"sluice-fingerprints 1 k=x\n"], ids=["empty", "other", "broken"])
def test_a_file_that_is_none_is_told_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.prints"
    path.write_bytes(content)

    with pytest.raises(Unreadable, match="sluice fingerprint"):
        Documents(Dictionary(fingerprints=(str(path),)))


def test_the_verb_skips_what_is_vendored_binary_or_public(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    for name, text in {
        "src/own.py": OWN,
        "node_modules/x.js": OWN,
        "lib/LICENSE": "MIT License\nPermission is hereby granted, free of charge",
        "lib/public.py": OWN,
        "binary.py": "\0",
    }.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text)

    result = CliRunner().invoke(fingerprint, [str(repository), "-o", str(tmp_path / "own.prints")])

    assert result.exit_code == 0, result.output
    assert "of 1 files" in result.output
    assert "under a public licence: 1" in result.output
    assert "FINGERPRINT" in types(tmp_path / "own.prints", PIECE)


def test_the_hashes_of_two_salts_have_nothing_in_common() -> None:
    one, other = gathered([OWN], b"a" * 16), gathered([OWN], b"b" * 16)

    assert not set(one.hashes.tolist()) & set(other.hashes.tolist())


def test_a_file_that_git_ignores_is_not_fingerprinted(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ("own.py", "ignored.py"):
        (tmp_path / name).write_text(OWN)
    (tmp_path / ".gitignore").write_text("ignored.py\n")

    taken = Taken()
    texts = list(sources(tmp_path, taken))

    assert texts == [OWN]
    assert taken.files == 1


def test_a_folder_that_a_repository_above_it_ignores_is_read_whole(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("vault/\n")
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "own.py").write_text(OWN)

    assert list(sources(tmp_path / "vault", Taken())) == [OWN]


def test_fingerprints_grow_with_the_text_and_not_faster() -> None:
    text = "\n".join(ordinary.library_texts(40))
    sizes = [len(tokenized(text[: 30_000 * factor]).tokens) for factor in (1, 2, 4)]
    hashes = [len(gathered([text[: 30_000 * factor]], b"s" * 16).hashes) for factor in (1, 2, 4)]

    for few, many in (*pairwise(sizes), *pairwise(hashes)):
        assert 1 < many / few < 2.6
