"""Know where in an answer something stands: in an address on the network, in a string of code, in a row of a table."""

import copy
import re
from typing import Literal

# Signs that change what the text behind them is. Each is shorter than _LONGEST, so that a stream may be cut anywhere.
_SLASH = r"(?:\\{0,2}/|\\\\|\\u00(?:2[fF]|5[cC])|&\#(?:47|x2[fF]);|&sol;)"
_SIGNS = re.compile(
    rf"""
    (?P<page>(?:`{{3,16}}|~{{3,16}})[ \t]{{0,4}}(?:x?html?|svg|xml)\b)
    |(?P<closing>\n[ \t]{{0,3}}(?:`{{3,16}}|~{{3,16}})[ \t]{{0,8}}(?=\n))
    |(?P<fence>```(?P<language>[\w+\#.-]{{0,20}}))
    |(?P<target>\]\(\s{{0,8}}<?|\]:\s{{0,24}}<|\burl\()
    |(?P<address>{_SLASH}{{2}}|\b(?i:https?|ftp|wss?):|\b(?i:www)\.|\.[A-Za-z]{{2,24}}[/?])
    |(?P<script><(?P<ends>/?)(?i:script)\b)
    |(?P<active><(?:!doctype|html|svg|iframe|object|embed|style|code_interpreter)\b)
    |(?P<angle><\s{{0,8}}(?=(?i:https?|ftp|wss?)\\?:|\\?/\\?/|(?i:www)\.|&))
    |(?P<tag><[A-Za-z])
    |(?P<attribute>\b(?:(?i:(?:xlink:)?href|src|srcset|srcdoc|action|formaction|poster|background|cite|data|ping|content
        |style|longdesc)|on[a-z]{{2,16}})\s{{0,6}}=\s{{0,6}}["']?)
    |(?P<escape>\\.)
    |(?P<row>\n[ \t>]{{0,4}}\|)
    |(?P<sign>[\s"'`<>()|])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST = 48
_HEAD = 64
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"\]])")
_NESTED = re.compile(r'"[\[{]{1,3}\\"\Z')  # a string that is JSON itself: `"{\"…`
# As the whole of an address, directly behind the sign that opened it.
_MAIL_FIRST = re.compile(r"(?:\]\(\s{0,8}<?|=\s{0,6}[\"']?)(?:mailto|tel):\Z", re.IGNORECASE)
# Fences around what has no strings in quotes.
_PROSE = frozenset(
    {"", "text", "txt", "plain", "plaintext", "md", "markdown", "csv", "tsv", "html", "xml", "log", "diff"}
)

Place = Literal["text", "string", "nested", "row"]


class Surroundings:
    """What was written before the place that is looked at; `is_json` where all of it is JSON."""

    def __init__(self, *, is_json: bool = False) -> None:
        self._state = _State(is_json)
        self._unread = "\n"  # the end of the text, whose signs may go on
        self._from = 0  # where in it the signs begin that were not read
        self._head = ""
        self._now: _State | None = None

    def add(self, text: str) -> None:
        """Go on to behind this text."""
        if not text:
            return
        self._now = None
        if len(self._head) < _HEAD and not self._state.whole:
            self._head = (self._head + text)[:_HEAD]
            self._state.whole = bool(_JSON.match(self._head))
        self._unread += text
        until = len(self._unread) - _LONGEST
        if until > self._from:
            done = max(until, self._state.read(self._unread, self._from, until))
            cut = max(0, done - _LONGEST)  # kept, since a sign looks at what stands before it
            self._unread, self._from = self._unread[cut:], done - cut

    @property
    def before(self) -> str:
        """The last character."""
        return self._unread[-1:]

    @property
    def is_address(self) -> bool:
        """Whether what comes next is part of an address, which a page, a tool or a click may fetch, or of what runs."""
        state = self._read()
        if state.address or state.script or state.active or state.page:
            return True
        if state.target or state.attribute:
            return not _MAIL_FIRST.search(self._unread[-_LONGEST:])
        return False

    @property
    def place(self) -> Place:
        """Whether what comes next is in a string in quotes, in JSON within such a string, or in a row of a table."""
        state = self._read()
        if state.in_string and state.is_code:
            return "nested" if state.nested else "string"
        return "row" if state.row and state.fence is None else "text"

    def _read(self) -> "_State":
        if self._now is None:
            self._now = copy.copy(self._state)
            self._now.read(self._unread, self._from, len(self._unread))
        return self._now


class _State:
    """What the signs read so far make of the text behind them."""

    def __init__(self, is_json: bool) -> None:
        self.whole = is_json
        self.fence: str | None = None  # its language
        self.in_string = False
        self.nested = False
        self.address = False  # in a word that is one
        self.fixed = False  # the string is one from its start, so that spaces do not end it
        self.clean = False  # the string has had no space
        self.target = ""  # the sign that ends it
        self.depth = 0
        self.attribute = ""  # the sign that ends it
        self.tag = False
        self.script = False
        self.active = False  # a page or code that will run has begun
        # The fence around one that Open WebUI shows as a page: what runs in it can read all of it and send it away.
        self.page = ""
        self.row = False

    @property
    def is_code(self) -> bool:
        """Whether quotes are the ends of strings."""
        return self.whole or (self.fence is not None and self.fence not in _PROSE)

    def read(self, text: str, start: int, until: int) -> int:
        """Read the signs that begin between two places; return where the last one ends."""
        end = start
        while (match := _SIGNS.search(text, end)) and match.start() < until:
            end = match.end()
            self._sign(match, text)
        return end

    def _sign(self, match: re.Match[str], text: str) -> None:
        kind, sign = match.lastgroup, match[0]
        if kind == "page":
            self.page = self.page or sign.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t")
        elif kind == "closing":
            self._closes(sign.strip())
        elif match["fence"]:
            self._fence(match["language"])
        elif kind == "target":
            self._aims(sign)
        elif kind == "address":
            self.address = True
            self.fixed = self.fixed or (self.in_string and self.clean and self.is_code)
        elif kind == "active":
            self.active = True
        elif kind == "angle":
            self.target = ">"
        elif match["script"]:
            self.script, self.tag = not match["ends"], True
        elif kind == "tag":
            self.tag, self.address = True, False
        elif kind == "attribute":
            self._opens(sign)
        elif kind == "row":
            self._break("\n")
            self.row = True
        elif kind == "escape":
            self._escaped(text[max(0, match.start() - 6) : match.end()])
        else:
            self._one(sign)

    def _aims(self, sign: str) -> None:
        """A target begins; within an address it is part of that."""
        self.depth += 1
        if not self.target:
            self.target, self.depth = (">" if sign.endswith("<") else ")"), 1

    def _closes(self, fence: str) -> None:
        """A line that is a fence and nothing else: it ends a page only with as many of the same signs."""
        self._break("\n")
        if not self.page:
            self._fence("")
        elif fence.startswith(self.page):
            self.page, self.fence = "", None

    def _fence(self, language: str) -> None:
        self.fence = None if self.fence is not None else language.casefold()
        self.in_string = self.nested = self.address = self.fixed = False

    def _opens(self, sign: str) -> None:
        quote = sign[-1] if sign[-1] in "\"'" else " "
        if self.tag and not self.attribute:
            self.attribute = quote
        elif quote != " ":
            self._one(quote)

    def _escaped(self, before: str) -> None:
        self.nested = self.nested or (self.in_string and bool(_NESTED.search(before)))

    def _one(self, sign: str) -> None:
        if sign.isspace():
            self._break(sign)
        elif sign in "()":
            self._bracket(sign)
        elif sign in "\"'":
            self._quote(sign)
        elif sign == ">":
            self.target = "" if self.target == ">" else self.target
            self.attribute = "" if self.attribute == " " else self.attribute
            self.tag = self.tag and bool(self.attribute)
            self.address = False
        elif sign == "<" or (sign == "|" and self.row):
            self.address = False

    def _break(self, sign: str) -> None:
        self.attribute = "" if self.attribute == " " else self.attribute
        if sign == "\n":
            self.target, self.row = "", False
        # Within what is fetched as a whole, a space ends no address.
        self.address = self.fixed or (self.address and bool(self.target or self.attribute))
        self.clean = False
        if sign == "\n" and not self.whole and self.fence != "json":
            self.in_string = self.nested = self.fixed = self.address = False

    def _bracket(self, sign: str) -> None:
        if self.target != ")":
            return
        self.depth += 1 if sign == "(" else -1
        if not self.depth:
            self.target, self.address = "", False

    def _quote(self, sign: str) -> None:
        if sign == self.attribute:
            self.attribute, self.address = "", False
        elif self.is_code and (sign == '"' or not self.in_string):
            self.address = self.fixed = False
            if sign == '"':
                self.in_string, self.clean, self.nested = not self.in_string, True, False
