"""Checks a manifest before anything is asked of a cluster; what its kind allows is the API server's to say."""

from collections.abc import Iterator
from typing import cast

from seatrial.rehearsal.providers.kubernetes import annotations, identities
from seatrial.rehearsal.providers.paths import shown
from seatrial.rehearsal.providers.values import UNKNOWN, Value, Values

_LONGEST_NAME = 253


def faults(token: str, manifest: Values) -> Iterator[tuple[str, str]]:
    """Yield what is wrong: the path of a property, and why."""
    version, kind = identities.of_token(token)
    yield from _expected("apiVersion", manifest.get("apiVersion"), version)
    yield from _expected("kind", manifest.get("kind"), kind)
    metadata = manifest.get("metadata", {})
    if isinstance(metadata, dict):
        yield from _metadata(cast("Values", metadata))
    elif metadata is not UNKNOWN:
        yield "metadata", "metadata: allowed: a mapping"


def _expected(path: str, found: Value, wanted: str) -> Iterator[tuple[str, str]]:
    if found not in (wanted, UNKNOWN):
        yield path, f"{path}: found {found or 'nothing'}; allowed: {wanted}, as the resource's type says"


def _metadata(metadata: Values) -> Iterator[tuple[str, str]]:
    for field in ("name", "namespace"):
        value = metadata.get(field, UNKNOWN)
        if value is not UNKNOWN and not (isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME):
            yield f"metadata.{field}", f"metadata.{field}: found {value!r}; allowed: 1 to {_LONGEST_NAME} characters"
    if "generateName" in metadata:
        yield "metadata.generateName", "metadata.generateName: can't be rehearsed; give a name, or leave it out"
    for field in ("labels", "annotations"):
        yield from _texts(f"metadata.{field}", metadata.get(field))


def _texts(path: str, found: Value) -> Iterator[tuple[str, str]]:
    if found is None or found is UNKNOWN:
        return
    if not isinstance(found, dict):
        yield path, f"{path}: allowed: a mapping of texts"
        return
    for key, value in cast("Values", found).items():
        if not isinstance(value, str) and value is not UNKNOWN:
            yield shown(path, key), f"{shown(path, key)}: found {value!r}; allowed: a text, so put it in quotes"
        if key in annotations.UNSERVED:
            yield shown(path, key), f"{shown(path, key)}: the published provider knows it, a rehearsal doesn't"
