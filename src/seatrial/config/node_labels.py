"""Syntax of labels and taints, as Kubernetes and EKS both accept them."""

import re

from seatrial.config.allowed import Refusal

_NAME_MAX = 63
"""Characters of a key and of a value. Kubernetes allows a longer prefix, the EKS API doesn't (labelKey, taintKey)."""

_WORD = r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?"
_DOMAIN = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_KEY = re.compile(rf"({_DOMAIN}/)?{_WORD}")
_VALUE = re.compile(_WORD)
_RESERVED = ("kubernetes.io", "k8s.io", "eks.amazonaws.com")

LABEL_KEY = (
    f"[domain/]name of 1 to {_NAME_MAX} letters, digits, '-', '_' and '.', a letter or digit at both ends, "
    "the domain your own"
)
"""What a key may be, in words (Kubernetes documentation, "Labels and Selectors")."""

LABEL_VALUE = f"1 to {_NAME_MAX} letters, digits, '-', '_' and '.', a letter or digit at both ends"
"""What a value may be, in words. Never empty: EKS refuses that for a label, the cluster autoscaler for a taint."""


def label_key(text: str) -> Refusal | None:
    """Tell what is wrong with a key."""
    domain, slash, _ = text.rpartition("/")
    if slash and any(domain == reserved or domain.endswith(f".{reserved}") for reserved in _RESERVED):
        return Refusal(f"{domain} belongs to Kubernetes and EKS")
    return None if len(text) <= _NAME_MAX and _KEY.fullmatch(text) else Refusal()


def label_value(text: str) -> Refusal | None:
    """Tell what is wrong with a value."""
    if not text:
        return Refusal("a value can't be empty; true will do")
    return None if len(text) <= _NAME_MAX and _VALUE.fullmatch(text) else Refusal()
