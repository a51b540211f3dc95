"""The provider's names and AWS's: ``subnetIds`` and ``SubnetIds``, ``identities`` and ``identity``."""

import functools
from collections.abc import Iterable


@functools.cache
def stem(name: str) -> str:
    """Return what a provider's name and an API's name for one thing have in common: neither case nor plural."""
    lowered = name.lower()
    if lowered.endswith("ies"):
        return lowered[:-3] + "y"
    if lowered.endswith("sses"):
        return lowered[:-2]
    if lowered.endswith("s") and not lowered.endswith("ss"):
        return lowered[:-1]
    return lowered


def match(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that means the same as the name; the one in the same number where both exist."""
    alike = [candidate for candidate in candidates if stem(candidate) == stem(name)]
    exact = [candidate for candidate in alike if candidate.lower() == name.lower()]
    return (exact or alike or [None])[0]
