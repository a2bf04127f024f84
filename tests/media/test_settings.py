"""What may be set for recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
from sluice.config.load import parse
from sluice.errors import ConfigError

CONFIG = """\
model_list: [{model_name: a, litellm_params: {model: openai/a}}]
privacy: {transcriber: "%s"}
"""


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://8.8.8.8/v1", "on the internet"),
        ("http://[2606:4700::1111]/v1", "on the internet"),
        ("ftp://127.0.0.1/", "write an address"),
        ("127.0.0.1:8000", "write an address"),
    ],
)
def test_a_transcriber_on_the_internet_is_refused_when_the_configuration_is_checked(address: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"line 2: `privacy.transcriber` is wrong: .*{why}"):
        parse(CONFIG % address, Path("sluice.yaml"), {})


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000/v1", "http://whisper:9000", "http://[::1]/v1"])
def test_a_transcriber_of_your_own_is_taken(address: str) -> None:
    config = parse(CONFIG % address, Path("sluice.yaml"), {})

    assert config.privacy.transcriber == address
