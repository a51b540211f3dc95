"""Texts of policies: wildcards, and variables that a request fills in.

See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

from seatrial.semantics.iam.context import Context


class Wild(Enum):
    """A wildcard; equal to no text, not even the same character as ``${*}`` or ``${?}`` give it."""

    MANY = "*"
    """Any characters, none included; colons and slashes too."""

    ONE = "?"
    """Exactly one character."""


@dataclass(frozen=True, slots=True)
class Variable:
    """``${aws:username}``, or ``${aws:username, 'nobody'}`` with a default."""

    key: str
    default: str | None


Glob: TypeAlias = tuple[str | Wild, ...]
"""A pattern without variables: what stands in it as text matches itself only."""

_VARIABLE: Final = re.compile(r"\$\{(?:(?P<literal>[*?$])|(?P<key>[^{}$,']+?)\s*(?:,\s*'(?P<default>[^{}']*)'\s*)?)\}")
_WILD: Final = re.compile(r"[*?]")
_RESOURCE_PART: Final = 5
"""Colons before the part of an ARN in which variables are allowed."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One text of a policy, read once."""

    text: str
    """As the policy has it."""

    parts: tuple[str | Wild | Variable, ...]

    def resolved(self, context: Context) -> Glob | None:
        """Fill in the variables; None when one has no value, for then nothing is equal to the text, or like it."""
        found: list[str | Wild] = []
        for part in self.parts:
            value = part if not isinstance(part, Variable) else (context.single(part.key) or part.default)
            if value is None:
                return None
            found.append(value)
        return tuple(found)


def of_text(text: str, *, variables: bool) -> Pattern:
    """Read a text; policies of the language's first version have no variables."""
    return Pattern(text, tuple(_parts(text)) if variables else wildcards(text))


def wildcards(text: str) -> Glob:
    """Read a text that has wildcards but never variables."""
    return tuple(_wild(text))


def of_resource(text: str, *, variables: bool) -> Pattern:
    """Read a text of Resource, where variables stand in the last part of an ARN only."""
    pieces = text.split(":", _RESOURCE_PART)
    if not variables or len(pieces) <= _RESOURCE_PART:
        return of_text(text, variables=False)
    head = ":".join(pieces[:_RESOURCE_PART])
    return Pattern(text, (*_wild(f"{head}:"), *_parts(pieces[_RESOURCE_PART])))


def _parts(text: str) -> Iterator[str | Wild | Variable]:
    end = 0
    for match in _VARIABLE.finditer(text):
        yield from _wild(text[end : match.start()])
        yield match["literal"] or Variable(match["key"], match["default"])
        end = match.end()
    yield from _wild(text[end:])


def _wild(text: str) -> Iterator[str | Wild]:
    end = 0
    for match in _WILD.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield Wild(match[0])
        end = match.end()
    if text[end:]:
        yield text[end:]


def matches(glob: Glob, value: str, *, ignore_case: bool = False) -> bool:
    """Tell whether a value is like a pattern."""
    return _compiled(glob, ignore_case).fullmatch(value) is not None


def plain(glob: Glob) -> str:
    """Return the text of a pattern where wildcards are characters as any other."""
    return "".join(part.value if isinstance(part, Wild) else part for part in glob)


_REGEX: Final = {Wild.MANY: ".*", Wild.ONE: "."}


@lru_cache(maxsize=4096)
def _compiled(glob: Glob, ignore_case: bool) -> re.Pattern[str]:
    regex = "".join(_REGEX[part] if isinstance(part, Wild) else re.escape(part) for part in glob)
    return re.compile(regex, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
