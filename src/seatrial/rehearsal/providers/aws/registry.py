"""Every resource type that the provider serves."""

from collections.abc import Mapping

from . import iam, kms, logs
from .ec2 import (
    endpoints,
    flow_logs,
    gateways,
    launch_templates,
    routes,
    security_group_rules,
    security_groups,
    subnets,
    vpc,
)
from .eks import access, addons, clusters, node_groups
from .resource_type import ResourceType

_MODULES = (
    access,
    addons,
    clusters,
    endpoints,
    flow_logs,
    gateways,
    iam,
    kms,
    launch_templates,
    logs,
    node_groups,
    routes,
    security_group_rules,
    security_groups,
    subnets,
    vpc,
)

RESOURCE_TYPES: Mapping[str, ResourceType] = {it.type_name: it for module in _MODULES for it in module.TYPES}
"""By token."""
