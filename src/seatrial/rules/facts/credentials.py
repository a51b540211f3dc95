"""What in a text looks like a secret."""

import math
import re
from collections import Counter
from typing import Final

_KINDS: Final = {
    "an AWS access key": re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----"),
    "a token of a code forge": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22}|glpat-[\w-]{20})"),
    "a token of Slack": re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"://[^\s/:@$<{]+:[^\s/:@$<{]{6,}@"),
}
_NAMED: Final = re.compile(
    r"(?i)(password|passwd|secret|token|api[_-]?key|access[_-]?key)(\w*)[\"']?\s*[:=]\s*[\"']?([^\s\"']{8,})"
)
_REFERRING: Final = re.compile(r"(?i).*(arn|class|endpoint|file|id|name|path|ref|ttl|type|ur[il])s?")
"""How names end that say where a secret is, or of which kind."""

_ELSEWHERE: Final = ("$", "{", "<", "/", "arn:", "file:", "http:", "https:")
"""How values begin that are read when they are used, or that say where."""

_ENTROPY: Final = 3.0
"""Bits a character: words are below, random text of eight characters and more is above."""


def secrets(content: str) -> list[str]:
    """Say what in a text looks like a secret, by kind and without its value."""
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(content)]
    return kinds + sorted({f"a value of {found[1].lower()}" for found in _NAMED.finditer(content) if _is_secret(found)})


def _is_secret(found: re.Match[str]) -> bool:
    name, value = found[2], found[3]
    return not _REFERRING.fullmatch(name) and not value.startswith(_ELSEWHERE) and _bits(value) >= _ENTROPY


def _bits(value: str) -> float:
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
