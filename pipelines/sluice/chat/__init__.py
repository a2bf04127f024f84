"""The only code that knows the shape of a chat body."""

from sluice.chat.outgoing import Destination, messages_for, parameters_for
from sluice.chat.piece import Piece, PieceKind
from sluice.chat.pieces import pieces
from sluice.chat.reading import (
    bare_question,
    is_tool_round,
    last_user_text,
    media_kinds,
    wish,
)
from sluice.chat.request import Call, Intent, Preference, decode, read_call
from sluice.chat.tokens import prompt_tokens, text_tokens
from sluice.chat.turns import newest_turn, turns

__all__ = [
    "Call",
    "Destination",
    "Intent",
    "Piece",
    "PieceKind",
    "Preference",
    "bare_question",
    "decode",
    "is_tool_round",
    "last_user_text",
    "media_kinds",
    "messages_for",
    "newest_turn",
    "parameters_for",
    "pieces",
    "prompt_tokens",
    "read_call",
    "text_tokens",
    "turns",
    "wish",
]
