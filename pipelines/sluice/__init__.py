"""Sluice: the gate that decides what may leave the machine, to which model, at what price."""

__version__ = "0.1.0"
