"""Recognize what is private as a whole: marked, legal, medical and financial documents, lists, mail, and own code."""

from sluice.guard.documents.documents import Documents

__all__ = ["Documents"]
