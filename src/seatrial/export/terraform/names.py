"""What Terraform's provider calls the types and the properties that Pulumi's, which is built on it, has renamed."""

import re
from typing import Final

_EDGE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_TYPES: Final = {
    "autoscaling/tag": "aws_autoscaling_group_tag",
    "iam/openIdConnectProvider": "aws_iam_openid_connect_provider",
}
"""Types whose name doesn't follow from Pulumi's."""

_UNNAMED_SERVICES: Final = frozenset({"ec2"})
"""Services that Terraform's names leave out: ``aws_vpc``."""

_ATTRIBUTES: Final = {
    "clientIdLists": "client_id_list",
    "filters": "filter",
    "routes": "route",
    "rules": "rule",
    "taints": "taint",
    "thumbprintLists": "thumbprint_list",
    "transitions": "transition",
}
"""Lists that Pulumi names in plural, where Terraform repeats a block in singular."""

MAPS: Final = frozenset({"labels", "tags", "tagsAll", "variables"})
"""Properties whose value has keys of the user's own; every other object is a block."""


def type_name(token: str) -> str:
    """Return Terraform's name of a type: ``aws:ec2/vpc:Vpc`` is ``aws_vpc``."""
    path = token.split(":")[1]
    service, _, name = path.partition("/")
    prefix = "aws" if service in _UNNAMED_SERVICES else f"aws_{service}"
    return _TYPES.get(path, f"{prefix}_{_snake(name)}")


def attribute(property_: str) -> str:
    """Return Terraform's name of a property: ``enableDnsSupport`` is ``enable_dns_support``."""
    return _ATTRIBUTES.get(property_, _snake(property_))


def local_name(name: str) -> str:
    """Return a name that Terraform takes for a resource: letters, digits, dashes, not first a digit or a dash."""
    text = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return text if re.match(r"[A-Za-z_]", text) else f"_{text}"


def _snake(text: str) -> str:
    return _EDGE.sub("_", text).lower()
