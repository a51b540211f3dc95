"""The shape of every object: what it is, what it is called, whose it is."""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

Manifest: TypeAlias = dict[str, Any]
"""An object as ``kubectl apply`` takes it."""

Later: TypeAlias = object
"""Text, or what becomes text when AWS has made something: passed through, never looked into."""

SYSTEM = "kube-system"
"""Namespace of what serves the whole cluster."""

NAME = "app.kubernetes.io/name"
"""Label by which an application's own objects find its pods."""

_OWNER = {"app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "seatrial"}


def labels(name: str) -> dict[str, str]:
    """Return the labels of every object of an application: its name, and whose it is (Kubernetes, "Recommended")."""
    return {**_OWNER, NAME: name}


def manifest(  # noqa: PLR0913 (the parts of an object's metadata, each by name)
    api_version: str,
    kind: str,
    name: str,
    *,
    namespace: str = "",
    application: str = "",
    labelled: Mapping[str, str] | None = None,
    annotated: Mapping[str, Later] | None = None,
    **content: object,
) -> Manifest:
    """Make an object.

    Args:
        api_version: ``apps/v1``; ``v1`` for the core.
        kind: ``Deployment``.
        name: Of the object, among its kind and namespace.
        namespace: Where it is; none for what belongs to the whole cluster.
        application: What it is a part of, for its labels; by default itself.
        labelled: Labels beside those that every object has.
        annotated: Annotations.
        content: What the kind has beside its metadata, ``spec``.

    """
    metadata: dict[str, object] = {"labels": {**labels(application or name), **(labelled or {})}, "name": name}
    if namespace:
        metadata["namespace"] = namespace
    if annotated:
        metadata["annotations"] = dict(annotated)
    return cast("Manifest", _sorted({"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}))


def _sorted(value: object) -> object:
    """Sort the keys of every mapping; the order of lists is a meaning, and what isn't plain stays untouched."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return {key: _sorted(entries[key]) for key in sorted(entries)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in cast("list[object]", value)]
    return value
