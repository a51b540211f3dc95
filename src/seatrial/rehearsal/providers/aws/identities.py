"""Ids that are made of several names."""

from seatrial.rehearsal.providers.refusals import Rejected


def split(identity: str, separator: str, *names: str) -> list[str]:
    """Return the parts of an id, of which only the last may hold the separator.

    Raises:
        Rejected: it has another form; an import takes what the user types.

    """
    parts = identity.split(separator, len(names) - 1)
    if len(parts) != len(names):
        raise Rejected(f"{identity!r} is no id here; one looks like {separator.join(names)}")
    return parts
