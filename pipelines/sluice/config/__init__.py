"""Configuration: one file, checked at start, replaced whole or not at all."""

from sluice.config.live import LiveConfig
from sluice.config.load import Config, Deployment, load, parse
from sluice.config.schema import LANES, ROLES

__all__ = ["LANES", "ROLES", "Config", "Deployment", "LiveConfig", "load", "parse"]
