"""What a drawing says of a resource, in few words."""

import textwrap
from collections.abc import Sequence
from typing import Final

from seatrial.plan import Resource
from seatrial.report.architecture.namespaces import Namespace
from seatrial.report.wording import counted
from seatrial.rules.facts.values import at, text, texts

_LINE: Final = 44
"""Most letters of a line."""


def size(group: Resource) -> str:
    """Say how many nodes a group has, and how they are paid."""
    least, most = at(group, "scalingConfig.minSize"), at(group, "scalingConfig.maxSize")
    return f"{least} to {most} nodes, {text(at(group, 'capacityType')).lower().replace('_', '-')}"


def machines(group: Resource) -> str:
    """Name the instance types of a node group."""
    return ", ".join(texts(at(group, "instanceTypes")))


def control_plane(cluster: Resource) -> Sequence[str]:
    """Say what a control plane is, and who reaches it."""
    ranges = texts(at(cluster, "vpcConfig.publicAccessCidrs"))
    is_public = at(cluster, "vpcConfig.endpointPublicAccess") is True
    logs = texts(at(cluster, "enabledClusterLogTypes"))
    return (
        f"Kubernetes {text(at(cluster, 'version'))}, control plane by EKS",
        f"API public for {counted(len(ranges), 'range')}" if is_public else "API private",
        f"{counted(len(logs), 'log type')}",
        "protected against deletion" if at(cluster, "deletionProtection") is True else "may be deleted",
    )


def service(endpoint: Resource) -> str:
    """Name the service that an endpoint leads to, and how."""
    name = text(at(endpoint, "serviceName")).split(".", 3)[-1]
    return f"{name} ({text(at(endpoint, 'vpcEndpointType')).lower()})"


def named(resource: Resource) -> str:
    """Name an add-on with its version, or anything else as AWS does."""
    name = text(at(resource, "addonName")) or text(at(resource, "name")) or resource.name
    return f"{name} {text(at(resource, 'addonVersion'))}".rstrip()


def namespace(found: Namespace) -> Sequence[str]:
    """Say what holds for the pods of a namespace, and who works there."""
    quota = f"at most {', '.join(found.quota)}" if found.quota else "no quota"
    return (
        f"Pod Security: {found.level or 'not enforced'}",
        *found.teams,
        *wrapped(quota),
        f"network policies: {found.policies or 'none, nothing is held back'}",
    )


def wrapped(words: str) -> Sequence[str]:
    """Break words into lines that fit a box."""
    return textwrap.wrap(words, _LINE, break_on_hyphens=False)
