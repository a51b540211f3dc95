"""How wide a text is when nobody has drawn it yet: SVG breaks no lines and cuts nothing."""

from typing import Final

_SIZE: Final = 12
"""Pixels of a letter's height, as in the style sheet."""

_NARROW: Final = frozenset("iljI.,:;'|! ")
_SLIM: Final = frozenset('ftr()[]-/"*')
_WIDE: Final = frozenset("mwMW%@…—+=<>")
_BOLD: Final = 1.15
"""How much wider bold letters are."""


def width(text: str, *, is_bold: bool = False) -> float:
    """Return the pixels that a text takes at most, in the widest font that a system may show it in (DejaVu Sans)."""
    return sum(map(_letter, text)) * _SIZE * (_BOLD if is_bold else 1)


def _letter(letter: str) -> float:
    """Return the width of a letter, as a part of its height."""
    for letters, share in ((_NARROW, 0.34), (_SLIM, 0.42), (_WIDE, 1.0)):
        if letter in letters:
            return share
    return 0.79 if letter.isupper() else 0.64


def fitted(text: str, room: float, *, is_bold: bool = False) -> str:
    """Return a text, cut where it would take more than the room there is."""
    if width(text, is_bold=is_bold) <= room:
        return text
    for end in range(len(text) - 1, 0, -1):
        cut = f"{text[:end].rstrip()}…"
        if width(cut, is_bold=is_bold) <= room:
            return cut
    return "…"
