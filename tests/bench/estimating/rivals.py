"""What the estimate is measured beside: LiteLLM's complexity router as it is installed, and prompt length."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

Scorer = Callable[[str], float]

# APGR by others, on data that is not all here. Sources: RouteLLM, arXiv 2406.18665, tables 1 to 3.
PUBLISHED: Mapping[str, Any] = {
    "routellm_paper_best_augmented": {"mmlu": 0.603, "gsm8k": 0.622, "mt_bench": 0.802},
    "routellm_paper_best_not_augmented": {"mmlu": 0.524, "gsm8k": 0.475, "mt_bench": 0.610},
}


def rivals() -> Mapping[str, Scorer]:
    """Scorers of a prompt by name; LiteLLM's two are the sums behind its tiers, finer than the tiers themselves."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    logging.getLogger("LiteLLM").setLevel(logging.ERROR)
    return {"litellm": _litellm(), "litellm_v2": _litellm_v2(), "prompt_length": lambda prompt: float(len(prompt))}


def litellm_version() -> str:
    return version("litellm")


def _litellm() -> Scorer:
    from litellm import Router
    from litellm.router_strategy.complexity_router.complexity_router import ComplexityRouter

    router = ComplexityRouter("auto", Router(model_list=[]), {}, default_model="any", derive_savings_baseline=False)
    return lambda prompt: float(router.classify(prompt)[1])


def _litellm_v2() -> Scorer:
    """One minus the chance that its lowest tier succeeds, by its own trained statistics."""
    from litellm.router_strategy.adaptive_router.classifier import classify_prompt
    from litellm.router_strategy.complexity_router.tier_predictor import TierSuccessPredictor, resolve_tier_artifact

    predictor = TierSuccessPredictor(resolve_tier_artifact("ultrafeedback"))
    return lambda prompt: 1.0 - predictor.predict(prompt, classify_prompt(prompt)).probabilities[1]
