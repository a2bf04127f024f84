"""Recognize source code that says whose it is: headers of an organisation, and hosts that only it can reach.

Code alone is not private, and neither is a header under which anybody may use it.
"""

import re
from collections.abc import Iterator

from sluice.guard.documents.reading import Reading, found
from sluice.guard.values import Finding

_STEMS = ("all rights reserved", "proprietary", "unauthorized copying", "unauthorised copying", "trade secret",
          "property of", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
          "tutti i diritti riservati", "alle rechten voorbehouden", "unpublished work", "licenseref-proprietary",
          "confidential", "vertraulich", "unlicensed\"", "internal use", "internen gebrauch", "usage interne",
          "uso interno", "intern gebruik", "do not distribute")  # fmt: skip
_RESERVED = re.compile(
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
    r"tutti i diritti riservati|alle rechten voorbehouden"
)
# Whoever writes one of these into a header keeps the code to themselves, whatever else stands there.
_KEPT = re.compile(
    r"proprietary (?:and|&) confidential|confidential (?:and|&) proprietary"
    r"|unauthori[sz]ed (?:copying|use|distribution|reproduction|disclosure)|"
    r"(?:contains?|constitutes?) (?:\w+ ){0,4}?trade secrets?|trade secrets? of|(?:sole|exclusive"
    r"|confidential|proprietary)[^.\n]{0,30} property of|"
    r"property of [^.\n]{2,60}(?:not be|may not|confidential)|unpublished (?:work|proprietary)"
    r"|licenseref-proprietary|"
    r"proprietary (?:software|source|code|licen[cs]e)|[\"']license[\"']\s*:\s*[\"'](?:unlicensed|proprietary)[\"']|"
    r"(?:strictly |streng )?(?:confidential|vertraulich)\b(?=[ \t]*(?:[.!*\-–—/|]|$))"
    r"|license\s*[=:]\s*[\"']?proprietary",
    re.MULTILINE,
)
_PUBLIC = re.compile(
    r"\blicen[cs](?:ed?|ing)\b(?! *[\"']? *[=:] *[\"']?(?:unlicensed|proprietary))"
    r"|spdx-license-identifier|permission (?:is hereby granted|to use)|redistribut|software foundation|free software|"
    r"public domain|open[ -]source|creative commons|\bmit\b|\bbsd\b|\bapache\b|\bgpl|\blgpl|\bmpl\b"
    r"|copying\.lib|warranty"
)
# Said of a function in any code; with an owner beside it, said of the code.
_INSIDE = re.compile(
    r"internal use(?: only)?\b|(?:nur )?für den internen gebrauch|usage (?:strictement )?interne"
    r"|uso (?:esclusivamente )?interno|voor intern gebruik|do not distribute"
)
_OWNER = re.compile(r"property of [^\W_]|eigentum |propriété de |propiedad de |proprietà di |eigendom van ")
_COPYRIGHT = re.compile(r"copyright|\(c\) ?(?:19|20)\d\d|©|copr\.")
_COMMENT = re.compile(r"^[ \t>+]*(?:#|//|/\*|\*|--|;|%|<!--|\"\"\"|'''|rem\b|\(\*)")
_HEADER = 1500  # characters that belong to one header, before and after what was found
_NEAR = 200  # characters between an owner and what they say of their code
_INTERNAL = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}(?:corp|internal|intranet|intra|lan"
    r"|localdomain|ad)(?![\w-]|\.\w)"
)
_PUBLIC_HOSTS = (".docker.internal", "compute.internal", "ec2.internal", "google.internal", "cloudapp.internal")
_SUFFIXES = (".corp", ".internal", ".intranet", ".intra", ".lan", ".localdomain")


def proprietary(reading: Reading) -> Iterator[Finding]:
    """Yield headers of code that keep it to an organisation."""
    stems = reading.places_of(_STEMS)
    if not stems or not reading.is_code:
        return
    covered = -1
    for at in sorted(stems):
        if at < covered:
            continue
        match = _kept(reading, at)
        if match:
            covered = match[1] + _HEADER
            yield found("PROPRIETARY_CODE", *match, 0.95)


def _kept(reading: Reading, at: int) -> tuple[int, int] | None:
    """Return the words around a place that keep the code, if they stand in a comment or a manifest."""
    start, end = reading.line_at(at)
    line = reading.lowered[start : min(end, start + 400)]
    if not _is_said_in_code(reading, line, start):
        return None
    if match := _KEPT.search(line):
        return start + match.start(), start + match.end()
    around = reading.lowered[max(0, start - _HEADER) : end + _HEADER]
    if _PUBLIC.search(around):
        return None
    if (reserved := _RESERVED.search(line)) and _COPYRIGHT.search(around):
        return start + reserved.start(), start + reserved.end()
    near = reading.lowered[max(0, start - _NEAR) : end + _NEAR]
    if (inside := _INSIDE.search(line)) and (_COPYRIGHT.search(near) or _OWNER.search(near)):
        return start + inside.start(), start + inside.end()
    return None


def _is_said_in_code(reading: Reading, line: str, start: int) -> bool:
    if _COMMENT.match(line) or '"license"' in line or "license" in line[:14] or "copyright" in line[:30]:
        return True
    # Within a block comment or a docstring whose lines have no mark of their own.
    before = reading.lowered[max(0, start - _HEADER) : start]
    unclosed = any(before.count(one) > before.count(other) for one, other in (("/*", "*/"), ("<!--", "-->")))
    return unclosed or before.count('"""') % 2 == 1


def internal_hosts(reading: Reading) -> Iterator[Finding]:
    """Yield hosts under names that no public resolver knows; weak, since examples use them too."""
    if not any(suffix in reading.lowered for suffix in _SUFFIXES):
        return
    for match in _INTERNAL.finditer(reading.lowered):
        labels = match[0].split(".")
        if len(labels) >= 3 and not match[0].endswith(_PUBLIC_HOSTS) and "example" not in labels:
            yield found("INTERNAL_HOST", *match.span(), 0.6, weak=True)
