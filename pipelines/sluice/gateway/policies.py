"""Name the policy that a decision was made by."""

import hashlib
from dataclasses import asdict

from sluice.audit.chain import canonical
from sluice.config import Config
from sluice.guard import default_policy

# What sluice.yaml does not say is decided by this table, so that a release which changes it changes the policy.
_DEFAULTS = canonical({klass: asdict(rule) for klass, rule in default_policy().items()})


def policy_version(config: Config, guard: str) -> str:
    """Return a hash of the policy in force, which stays the same over restarts.

    It covers the privacy section, the defaults behind it, and the guard's valve (enforce or observe).
    """
    return hashlib.sha256(canonical([config.policy, guard]) + _DEFAULTS).hexdigest()[:16]
