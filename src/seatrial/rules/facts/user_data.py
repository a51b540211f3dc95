"""What a launch template passes to a node when it starts."""

import base64
import binascii
import gzip
import re

from seatrial.plan import Value

_MIME_BODY = re.compile(r"Content-Transfer-Encoding:\s*base64.*?\r?\n\r?\n(?P<body>[A-Za-z0-9+/=\s]+)", re.DOTALL)


class UndecodableError(ValueError):
    """User data that is no text."""


def decoded(value: Value) -> str:
    """Return user data as text, packed and encoded parts unpacked; empty when there is none."""
    if value is None:
        return ""
    try:
        content = base64.b64decode(str(value), validate=True)
        content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        text = content.decode()
    except (binascii.Error, OSError, UnicodeDecodeError) as error:
        raise UndecodableError("user data that is no base64 of text") from error
    return "\n".join([text, *(_part(found["body"]) for found in _MIME_BODY.finditer(text))]).strip()


def _part(body: str) -> str:
    try:
        return base64.b64decode(body).decode(errors="replace")
    except binascii.Error:
        return ""
