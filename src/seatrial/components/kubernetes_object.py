"""A Kubernetes object, given as its manifest."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from seatrial import names, releases

Manifest = Mapping[str, Any]
"""What ``kubectl apply`` takes, ``apiVersion``, ``kind`` and ``metadata.name`` at least; values may be outputs."""


class KubernetesObject(pulumi.CustomResource):
    """An object in the cluster, of any kind, that the provider ``kubernetes`` applies.

    The provider's own SDK has a class for each kind: 200 MB, and a second to import. What it sends is this.
    """

    manifest: Manifest
    """What was asked for; the object's own fields are outputs."""

    def __init__(self, name: str, manifest: Manifest, opts: pulumi.ResourceOptions | None = None) -> None:
        """Register the object under a logical name, which :func:`logical_name` makes."""
        self.manifest = manifest
        super().__init__(token(manifest), name, dict(manifest), _with_version(opts))


def token(manifest: Manifest) -> str:
    """Return the type of a manifest: ``kubernetes:apps/v1:Deployment``, ``kubernetes:core/v1:Namespace``."""
    version: str = manifest["apiVersion"]
    return f"kubernetes:{version if '/' in version else f'core/{version}'}:{manifest['kind']}"


def logical_name(manifest: Manifest, suffix: str) -> str:
    """Name the resource of a manifest: ``dev-default-deny-networkpolicy-dev``, without namespace where it has none."""
    metadata: Mapping[str, str] = manifest["metadata"]
    parts = (metadata.get("namespace"), metadata["name"], str(manifest["kind"]).lower())
    return names.resource("-".join(part for part in parts if part), suffix)


def service_accounts(manifests: Iterable[Manifest]) -> list[str]:
    """Return the service accounts among some manifests, as ``namespace/name``, sorted."""
    accounts = (each["metadata"] for each in manifests if each["kind"] == "ServiceAccount")
    return sorted(f"{metadata['namespace']}/{metadata['name']}" for metadata in accounts)


def _with_version(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Say which version of the plugin to fetch: no SDK of it is installed that would."""
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(version=releases.KUBERNETES_PROVIDER))
