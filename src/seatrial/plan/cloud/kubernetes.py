"""Kubernetes: objects of any kind, and Helm releases, in a cluster that takes what an API server would."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from seatrial.plan.cloud.order import Handler, Made, Order, plain
from seatrial.plan.graph import Properties, Unknown, Value, no_properties

PREFIX: Final = "kubernetes:"
"""What the type of everything in a cluster begins with."""

RELEASE: Final = "kubernetes:helm.sh/v3:Release"
"""Type of a Helm release."""

_CLUSTER_SCOPED: Final = frozenset(
    {
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeSnapshotClass",
        "VolumeSnapshotContent",
    }
)
"""Kinds of Kubernetes that are in no namespace (``kubectl api-resources --namespaced=false``)."""

_OWN_GROUP: Final = re.compile(r"[a-z]*/?v\d\w*|.+\.k8s\.io/v\d\w*")
"""API versions of Kubernetes's own, whose scopes are known; of other groups either is taken."""

_RELEASE_INPUTS: Final = frozenset(
    {
        "allowNullValues",
        "atomic",
        "chart",
        "cleanupOnFail",
        "compat",
        "createNamespace",
        "dependencyUpdate",
        "description",
        "devel",
        "disableCRDHooks",
        "disableOpenapiValidation",
        "disableWebhooks",
        "forceUpdate",
        "keyring",
        "lint",
        "manifest",
        "maxHistory",
        "name",
        "namespace",
        "postrender",
        "recreatePods",
        "renderSubchartNotes",
        "replace",
        "repositoryOpts",
        "resetValues",
        "resourceNames",
        "reuseValues",
        "skipAwait",
        "skipCrds",
        "timeout",
        "valueYamlFiles",
        "values",
        "verify",
        "version",
        "waitForJobs",
    }
)
"""What a release takes (schema of the provider, 4.34)."""

_PROVIDER_INPUTS: Final = frozenset(
    {
        "alwaysRender",
        "cluster",
        "clusterIdentifier",
        "context",
        "deleteUnreachable",
        "enableConfigMapMutable",
        "enablePatchForce",
        "enableSecretMutable",
        "enableServerSideApply",
        "helmReleaseSettings",
        "kubeClientSettings",
        "kubeconfig",
        "namespace",
        "renderYamlToDirectory",
        "skipUpdateUnreachable",
        "suppressDeprecationWarnings",
        "suppressHelmHookWarnings",
        "upsertExistingObjects",
        "version",
    }
)
"""What a provider takes (schema of the provider, 4.34)."""


def make(order: Order) -> Made:
    """Make an object, which answers with its manifest, or a release."""
    if order.resource.type == RELEASE:
        return _release(order)
    metadata = order.object("metadata")
    parts = [plain(metadata.get(key)) for key in ("namespace", "name")]
    return Made(Unknown() if Unknown() in parts else "/".join(part for part in parts if isinstance(part, str)))


def _release(order: Order) -> Made:
    namespace, name = order.text("namespace", "default"), order.name(length=53)
    status: Properties = {
        "name": name,
        "namespace": namespace,
        "chart": order.text("chart").rpartition("/")[2],
        "version": order.text("version"),
        "revision": 1,
        "status": "deployed",
    }
    return Made(f"{namespace}/{name}", {"name": name, "status": status})


def faults(token: str, inputs: Properties) -> Iterator[str]:
    """Give what an API server, or the provider in front of it, would refuse about a resource of that type."""
    if token == RELEASE:
        yield from _unknown(inputs, _RELEASE_INPUTS)
        if not inputs.get("chart"):
            yield "chart: required, and missing"
        return
    _, version, kind = token.split(":")
    yield from _identity_faults("apiVersion", inputs, version.removeprefix("core/"))
    yield from _identity_faults("kind", inputs, kind)
    yield from _metadata_faults(version.removeprefix("core/"), kind, _object(inputs.get("metadata")))


def _identity_faults(key: str, inputs: Properties, expected: str) -> Iterator[str]:
    found = plain(inputs.get(key))
    if found is None:
        yield f"{key}: required, and missing"
    elif found not in (expected, Unknown()):
        yield f"{key}: found {found}, where the resource's type says {expected}"


def _metadata_faults(version: str, kind: str, metadata: Properties) -> Iterator[str]:
    if metadata.get("name") is None:
        yield "metadata.name: required, and missing: a name that is made up is different in every plan"
    if not _OWN_GROUP.fullmatch(version):
        return
    if kind in _CLUSTER_SCOPED and metadata.get("namespace") is not None:
        yield f"metadata.namespace: a {kind} is in no namespace"
    if kind not in _CLUSTER_SCOPED and metadata.get("namespace") is None:
        yield f"metadata.namespace: required, and missing: a {kind} would go to the namespace default"


def _object(value: Value) -> Properties:
    given = plain(value)
    return given if isinstance(given, Mapping) else no_properties()


def provider_faults(inputs: Properties) -> Iterator[str]:
    """Give what the engine or the provider would refuse about a provider's configuration."""
    yield from _unknown(inputs, _PROVIDER_INPUTS)
    if inputs.get("kubeconfig") is None:
        yield "no kubeconfig is given, so that the cluster would be that of whoever deploys"
    for key, value in inputs.items():
        if not isinstance(plain(value), str | Unknown):
            yield f"{key}: configuration is text, JSON where it isn't"


def _unknown(inputs: Properties, known: frozenset[str]) -> Iterator[str]:
    for key in sorted(set(inputs) - known):
        near = get_close_matches(key, sorted(known), n=1)
        yield f"{key}: the provider has no such input{f'; did you mean {near[0]}?' if near else ''}"


def _provider(order: Order) -> Made:
    return Made(order.uuid())


HANDLERS: Final[Mapping[str, Handler]] = {"pulumi:providers:kubernetes": _provider}
"""Type to what makes it; everything else of Kubernetes is made by :func:`make`."""
