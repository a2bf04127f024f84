"""Masking: placeholders for what is private in what leaves, and the values back in what comes.

`map` says what stands for what, `mentions` and `people` find and tell apart, `invented` makes values up where that is
wished; `text`, `json_text` and `call` mask, `restore` puts back while an answer streams, `vault` keeps.
"""

from sluice.masking.call import Masked, mask_call, note_for, schemas_of, texts_of
from sluice.masking.map import Entry, Map
from sluice.masking.memo import Memo
from sluice.masking.restore import Rest, Restorer, restore
from sluice.masking.text import Mark, mask_text
from sluice.masking.vault import Vault

__all__ = [
    "Entry",
    "Map",
    "Mark",
    "Masked",
    "Memo",
    "Rest",
    "Restorer",
    "Vault",
    "mask_call",
    "mask_text",
    "note_for",
    "restore",
    "schemas_of",
    "texts_of",
]
