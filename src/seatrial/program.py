"""The Pulumi program: one platform from one description."""

import json
from collections.abc import Mapping

import pulumi
from pulumi_aws.provider import Provider

from seatrial import names
from seatrial.components import lookup, settings
from seatrial.components.platform import Platform as PlatformComponent
from seatrial.config import Platform, parse_platform
from seatrial.in_cluster_outputs import in_cluster_outputs


def run() -> PlatformComponent:
    """Build the platform that the stack's configuration describes, and export its outputs.

    Returns what it is made of, for programs that go on with resources of their own.
    """
    document: Mapping[str, object] = pulumi.Config("seatrial").require_object("platform")
    platform = parse_platform(document)
    component = make(platform)
    for name, value in outputs(platform, component).items():
        pulumi.export(name, value)
    return component


def build(platform: Platform) -> Mapping[str, pulumi.Input[str]]:
    """Register every resource of the platform and return the stack's outputs."""
    return outputs(platform, make(platform))


def make(platform: Platform) -> PlatformComponent:
    """Register every resource of the platform."""
    suffix = platform.environment_suffix
    provider = Provider(names.resource("aws", suffix), region=platform.region)
    asked = pulumi.InvokeOptions(provider=provider)
    zones = lookup.zones(platform.network, asked)
    args = settings.platform(platform, lookup.account(platform.region, asked), zones)
    return PlatformComponent(names.resource("platform", suffix), args, pulumi.ResourceOptions(providers=[provider]))


def outputs(platform: Platform, component: PlatformComponent) -> Mapping[str, pulumi.Input[str]]:
    """Return the stack's outputs.

    Every output is text, lists and maps are JSON: what reads them needs no types.
    """
    return {
        "environmentSuffix": platform.environment_suffix,
        "region": platform.region,
        "availabilityZones": json.dumps(list(component.network.public_subnet_ids)),
        **_keys(component),
        **_network(platform, component),
        **_cluster(component),
        **_nodes(component),
        **_addons(component),
        **in_cluster_outputs(platform, component.in_cluster),
    }


def _keys(component: PlatformComponent) -> dict[str, pulumi.Input[str]]:
    keys = component.encryption
    return {
        "secretsKeyArn": keys.secrets_key_arn,
        "logsKeyArn": keys.logs_key_arn,
        "volumesKeyArn": keys.volumes_key_arn,
    }


def _network(platform: Platform, component: PlatformComponent) -> dict[str, pulumi.Input[str]]:
    network = component.network
    outputs: dict[str, pulumi.Input[str]] = {
        "vpcId": network.vpc_id,
        "vpcCidrBlock": platform.network.cidr_block,
        "publicSubnetIds": _json(list(network.public_subnet_ids.values())),
        "privateSubnetIds": _json(list(network.private_subnet_ids.values())),
        "natGatewayIds": _json(network.nat_gateway_ids),
    }
    if network.flow_log_group_name is not None and network.flow_logs_role_arn is not None:
        outputs["flowLogGroupName"] = network.flow_log_group_name
        outputs["flowLogRoleArn"] = network.flow_logs_role_arn
    return outputs


def _cluster(component: PlatformComponent) -> dict[str, pulumi.Input[str]]:
    cluster = component.cluster
    return {
        "clusterName": cluster.cluster_name,
        "clusterArn": cluster.cluster_arn,
        "clusterEndpoint": cluster.endpoint,
        "clusterVersion": cluster.kubernetes_version,
        "clusterStatus": cluster.status,
        "clusterSecurityGroupId": cluster.security_group_id,
        "clusterLogGroupName": cluster.log_group_name,
        "clusterRoleArn": cluster.role_arn,
        "oidcProviderArn": cluster.oidc_provider_arn,
        "oidcProviderUrl": cluster.oidc_provider_url,
        "kubeconfig": cluster.kubeconfig,
    }


def _nodes(component: PlatformComponent) -> dict[str, pulumi.Input[str]]:
    nodes = component.node_groups
    outputs: dict[str, pulumi.Input[str]] = {
        "nodeRoleArn": nodes.role_arn,
        "nodeGroupNames": _json(nodes.group_names),
        "nodeGroupStatuses": _json(nodes.group_statuses),
    }
    for key, name in nodes.group_names.items():
        outputs[f"{_camel(key)}NodeGroupName"] = name
        outputs[f"{_camel(key)}NodeGroupStatus"] = nodes.group_statuses[key]
    return outputs


def _addons(component: PlatformComponent) -> dict[str, pulumi.Input[str]]:
    versions = {**component.addons_before_nodes.addon_versions, **component.addons_after_nodes.addon_versions}
    outputs: dict[str, pulumi.Input[str]] = {
        "addonNames": json.dumps(sorted(versions)),
        "addonVersions": _json(versions),
    }
    for addon, role in component.addon_roles.items():
        outputs[f"{_camel(addon.removeprefix('aws-').removesuffix('-driver'))}RoleArn"] = role.arn
    return outputs


def _json(value: object) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(value, sort_keys=True)


def _camel(key: str) -> str:
    """``on-demand`` becomes ``onDemand``."""
    first, *rest = key.split("-")
    return first + "".join(word.capitalize() for word in rest)
