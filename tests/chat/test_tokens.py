"""The estimate of tokens is an upper bound: a prompt that is thought to fit does fit."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sluice.chat import prompt_tokens, text_tokens

# Real sentences in many scripts, plus what tokenizers cut up finely.
SAMPLES = {
    "english": "The gate decides for every call whether it may leave the channel, and in what form. " * 20,
    "german": "Donaudampfschifffahrtsgesellschaftskapitänsmützenüberprüfung, Straßenbahnhaltestellen. " * 20,
    "french": "L'été, où l'on s'arrêtait près de la rivière, n'était-il pas déjà fini ? " * 20,
    "vietnamese": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. " * 20,
    "greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια. " * 20,
    "russian": "Все люди рождаются свободными и равными в своём достоинстве и правах. " * 20,
    "arabic": "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. " * 20,
    "hebrew": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. " * 20,
    "hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है। " * 20,
    "thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ " * 20,
    "amharic": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው። " * 20,
    "chinese": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心。" * 20,
    "japanese": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。" * 20,
    "korean": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. " * 20,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏿 " * 50,
    "code": "for (int i = 0; i < n; ++i) { a[i] *= b[i]->c.d(); } // done\n\t\tif (x) return;\n" * 20,
    "json": '{"id": 1234567890, "values": [1.5, -2e10, null, true], "name": "x_y-z"}' * 20,
    "hexadecimal": "3f2a9c0d7e81b645" * 60,
    "base64": "Tm93IGlzIHRoZSB0aW1lIGZvciBhbGwgZ29vZCBtZW4gdG8gY29tZSB0byB0aGUgYWlk" * 20,
    "capitals": "XQZJ KVWX QQZZ PFTK " * 50,
    "spaces": "a" + " " * 500 + "b" + "\n" * 300 + "\t" * 300,
    "digits": "31415926535897932384626433832795" * 30,
    "zero width": "a\u200bb\u200dc\ufeff" * 60,
}


@pytest.fixture(scope="module", params=["cl100k_base", "o200k_base"])
def count(request: pytest.FixtureRequest) -> Callable[[str], int]:
    """A real tokenizer; its files ship with LiteLLM."""
    import tiktoken

    # Found, not imported: the import is slow, and asks the network unless it is told not to.
    bundled = Path(str(getattr(find_spec("litellm"), "origin", ""))).parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIKTOKEN_CACHE_DIR", str(bundled / "litellm_core_utils" / "tokenizers"))
        encoding = tiktoken.get_encoding(request.param)
    return lambda text: len(encoding.encode(text, disallowed_special=()))


@pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES.keys())
def test_the_estimate_is_never_below_the_count(count: Callable[[str], int], text: str) -> None:
    assert text_tokens(text) >= count(text)


@pytest.mark.parametrize("name", ["english", "german", "russian", "chinese", "japanese", "korean", "code"])
def test_the_estimate_is_within_a_few_times_the_count(count: Callable[[str], int], name: str) -> None:
    assert text_tokens(SAMPLES[name]) <= 4 * count(SAMPLES[name])


WORDS = sorted({word for text in SAMPLES.values() for word in text.split()})


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.sampled_from([" ", "", "\n", "  ", ", "]))
@example(["a"], " ")
def test_any_mixture_of_scripts_stays_below_the_estimate(
    count: Callable[[str], int], words: list[str], between: str
) -> None:
    text = between.join(words)

    assert text_tokens(text) >= count(text)


# Scripts that no tokenizer knows well, marks and control characters: a byte is a token at most.
RARE = st.characters(exclude_categories=["Cs", "Lu", "Ll", "Lo", "Zs"])


@given(st.text(RARE, max_size=200))
def test_rare_characters_stay_below_the_estimate(count: Callable[[str], int], text: str) -> None:
    assert prompt_tokens([{"role": "user", "content": text}]) >= count(text)


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_is_never_fewer_tokens(one: str, two: str) -> None:
    assert text_tokens(one + " " + two) >= max(text_tokens(one), text_tokens(two))


def test_everything_that_a_prompt_holds_counts() -> None:
    plain = prompt_tokens([{"role": "user", "content": "x"}])
    image: dict[str, Any] = {"type": "image_url", "image_url": {"url": "data:,"}}
    call = {"id": "c", "function": {"name": "f", "arguments": "word " * 100}}

    assert prompt_tokens([{"role": "user", "content": [{"type": "text", "text": "x"}, image]}]) > plain + 1000
    assert prompt_tokens([{"role": "assistant", "reasoning_content": "word " * 100}]) > plain + 100
    assert prompt_tokens([{"role": "assistant", "content": None, "tool_calls": [call]}]) > plain + 100
    assert prompt_tokens([{"role": "user", "content": "x"}], [{"function": {"description": "word " * 99}}]) > plain + 99
