"""Every resource type that the provider serves."""

from collections.abc import Mapping

from seatrial.rehearsal.providers.aws import kms, logs
from seatrial.rehearsal.providers.aws.ec2 import (
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
from seatrial.rehearsal.providers.aws.eks import access, addons, clusters, node_groups
from seatrial.rehearsal.providers.aws.iam import grants, identity_providers, policies, roles
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.s3 import buckets, settings

_MODULES = (
    access,
    addons,
    buckets,
    clusters,
    endpoints,
    flow_logs,
    gateways,
    grants,
    identity_providers,
    policies,
    roles,
    kms,
    launch_templates,
    logs,
    node_groups,
    routes,
    security_group_rules,
    security_groups,
    settings,
    subnets,
    vpc,
)

RESOURCE_TYPES: Mapping[str, ResourceType] = {it.type_name: it for module in _MODULES for it in module.TYPES}
"""By token."""
