"""What a resource's URN tells: its type and its name in the program."""


def token(urn: str) -> str:
    """Return the resource's own type: a URN holds those of its parents too."""
    return urn.split("::")[-2].rpartition("$")[2]


def subject(urn: str) -> str:
    """Return how a message names the resource."""
    return f"{urn.rsplit('::', maxsplit=1)[-1]} ({token(urn)})"
