"""The hardened server around the core."""
