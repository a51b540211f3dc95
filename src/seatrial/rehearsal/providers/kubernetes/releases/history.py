"""Reads what Helm keeps of a release in the cluster: a Secret for each revision."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.providers.values import Values


@dataclass(frozen=True, slots=True)
class Revision:
    """A release as it is now."""

    number: int
    status: str
    """Helm's word: ``deployed``, ``failed``, ``pending-install``."""
    chart: Mapping[str, Any]
    """What the chart says of itself: name, version, appVersion."""
    values: Values
    """What was given beside the chart's own values."""
    objects: Mapping[str, list[str]]
    """Names of what it holds, by kind and API version: ``Deployment.apps/apps/v1``."""


def latest(cluster: Cluster, name: str, namespace: str) -> Revision | None:
    """Return the release as it is; None when there is none."""
    kept = cluster.list("v1", "Secret", namespace, f"owner=helm,name={name}")
    if not kept:
        return None
    newest = max(kept, key=lambda it: int(it["metadata"]["labels"]["version"]))
    told: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(newest["data"]["release"]))))
    return Revision(
        number=told["version"],
        status=told["info"]["status"],
        chart=told["chart"]["metadata"],
        values=told.get("config") or Values(),
        objects=_objects(told.get("manifest") or "", namespace),
    )


def _objects(manifest: str, namespace: str) -> dict[str, list[str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, list[str]] = {}
    for it in filter(None, yaml.load_all(manifest, Loader=loader)):
        metadata = it["metadata"]
        where = f"{metadata.get('namespace') or namespace}/{metadata['name']}"
        found.setdefault(f"{it['kind']}/{it['apiVersion']}", []).append(where)
    return {kind: sorted(names) for kind, names in sorted(found.items())}
