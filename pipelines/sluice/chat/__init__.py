"""The only code that knows the shape of a chat body."""

from sluice.chat.asked import asked_for
from sluice.chat.code import code_languages
from sluice.chat.conversation import State, state
from sluice.chat.demand import Demand, demand
from sluice.chat.languages import languages
from sluice.chat.outgoing import Destination, messages_for, parameters_for
from sluice.chat.piece import Piece, PieceKind
from sluice.chat.pieces import pieces
from sluice.chat.reading import (
    bare_question,
    goes_on,
    history_tokens,
    is_tool_round,
    last_user_text,
    media_kinds,
    uses_tools,
    word_count,
)
from sluice.chat.request import Call, Intent, Preference, PresetIntent, Priority, decode, read_call
from sluice.chat.task_kind import TaskKind, task_kind
from sluice.chat.tokens import prompt_tokens, text_tokens
from sluice.chat.turns import branch, newest_turn, turns
from sluice.chat.wishes import Wish, wish

__all__ = [
    "Call",
    "Demand",
    "Destination",
    "Intent",
    "Piece",
    "PieceKind",
    "Preference",
    "PresetIntent",
    "Priority",
    "State",
    "TaskKind",
    "Wish",
    "asked_for",
    "bare_question",
    "branch",
    "code_languages",
    "decode",
    "demand",
    "goes_on",
    "history_tokens",
    "is_tool_round",
    "languages",
    "last_user_text",
    "media_kinds",
    "messages_for",
    "newest_turn",
    "parameters_for",
    "pieces",
    "prompt_tokens",
    "read_call",
    "state",
    "task_kind",
    "text_tokens",
    "turns",
    "uses_tools",
    "wish",
    "word_count",
]
