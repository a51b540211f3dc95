"""Names that teams have in Kubernetes: their namespaces and groups."""

import re

from seatrial.config.allowed import Refusal

_NAME_MAX = 63
"""Characters of a namespace's name (RFC 1123, labels)."""

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_GROUP = re.compile(r"[A-Za-z0-9][\w.:@/-]{0,62}", re.ASCII)
_SYSTEM_NAMESPACES = "kube-"
_SYSTEM_GROUPS = ("system:", "eks:", "aws:", "amazon:", "iam:")
"""Beginnings that EKS refuses in access entries, in any case of letters (EKS API, CreateAccessEntry)."""

NAMESPACE = f"the name of a namespace: 1 to {_NAME_MAX} lower-case letters, digits and hyphens between them"
"""What a namespace may be called, in words (Kubernetes documentation, "Object Names and IDs")."""

GROUP = "a group's name of 1 to 63 letters, digits and _ . : @ / -, a letter or digit first, not of the system's"
"""What a group may be called, in words."""


def namespace(text: str) -> Refusal | None:
    """Tell what is wrong with the name of a team's namespace."""
    if text.startswith(_SYSTEM_NAMESPACES):
        return Refusal(f"{text.partition('-')[0]}-… belongs to the system")
    if text == "default":
        return Refusal("what stands in default stands there by mistake: name a namespace of its own")
    return None if len(text) <= _NAME_MAX and _NAMESPACE.fullmatch(text) else Refusal()


def group(text: str) -> Refusal | None:
    """Tell what is wrong with the name of a group."""
    if text.casefold().startswith(_SYSTEM_GROUPS):
        return Refusal(f"{text.partition(':')[0]}:… belongs to the system, and EKS refuses it")
    return None if _GROUP.fullmatch(text) else Refusal()
