"""A document as text, as Go's ``encoding/json`` writes it: https://pkg.go.dev/encoding/json#Marshal."""

import json
from collections.abc import Mapping
from typing import Final

_ESCAPED: Final = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})
"""What could end a script or a line if the text stood in a page."""


def indented(content: Mapping[str, object]) -> str:
    """Write with two spaces a level."""
    return json.dumps(content, indent=2, ensure_ascii=False).translate(_ESCAPED)


def minified(content: Mapping[str, object]) -> str:
    """Write without spaces."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPED)
