"""Tools by name: which results are the person's or the team's own material, as an attached document is."""

import re

# Built-in tools of Open WebUI 0.12.4 that bring what anybody may read, what the model itself made, or what the
# person answers in words.
PUBLIC = frozenset(
    {
        "ask_user", "calculate_timestamp", "create_tasks", "edit_image", "execute_code", "fetch_url", "generate_image",
        "get_current_timestamp", "notify", "play_animation", "search_tools", "search_web", "timer", "update_task",
    }
)  # fmt: skip

# All others of its built-in tools.
FIRST_PARTY = frozenset(
    {
        "add_memory", "create_automation", "create_calendar_event", "create_skill", "delegate_task",
        "delete_automation", "delete_calendar_event", "delete_memory", "grep_chat_files", "grep_knowledge_files",
        "grep_skill_files", "kb_exec", "list_automations", "list_chat_files", "list_knowledge", "list_knowledge_bases",
        "list_memories", "list_memory_paths", "query_chat_files", "query_knowledge_bases", "query_knowledge_files",
        "read_memory_path", "read_skill_file", "replace_memory_content", "replace_note_content",
        "search_calendar_events", "search_channel_messages", "search_channels", "search_chats",
        "search_knowledge_bases", "search_knowledge_files", "search_memories", "search_notes", "toggle_automation",
        "update_automation", "update_calendar_event", "update_memory", "update_skill_files", "view_channel_message",
        "view_channel_thread", "view_chat", "view_file", "view_knowledge_file", "view_note", "view_skill",
        "write_note",
    }
)  # fmt: skip

# Names that other versions and an admin's own tools give to the same things.
LIKE_FIRST_PARTY = re.compile(
    r"(knowledge|chat_files|note|memor|search_chats|view_chat|channel|view_file|skill|calendar|automation)"
)
# Where the code interpreter finds the files that the person uploaded.
UPLOADS = "/mnt"


def brings_own_material(name: str, arguments: str = "") -> bool:
    """Whether a tool's result counts as an attached document. A custom tool's result counts as what it says."""
    if name in PUBLIC:
        return name == "execute_code" and UPLOADS in arguments
    return name in FIRST_PARTY or LIKE_FIRST_PARTY.search(name) is not None
