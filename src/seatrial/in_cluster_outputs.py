"""What the stack tells of what is in its cluster."""

import json
from collections.abc import Mapping, Sequence

import pulumi

from seatrial import cidr
from seatrial.components.in_cluster import InCluster
from seatrial.config import Platform


def in_cluster_outputs(platform: Platform, parts: InCluster | None) -> dict[str, pulumi.Input[str]]:
    """Return the outputs, all of them text, lists and maps as JSON; without anything in the cluster only that."""
    if parts is None:
        return {"kubernetesEnabled": "false"}
    return {
        "kubernetesEnabled": "true",
        "chartNames": _json(sorted(parts.chart_versions)),
        "chartVersions": _json(parts.chart_versions),
        "serviceAccounts": _json(parts.service_accounts),
        "dnsServiceIp": cidr.dns_service(platform.cluster.service_cidr),
        "nodeLocalDnsEnabled": json.dumps(parts.dns is not None),
        **_tenants(platform, parts),
        **_storage(parts),
        **_controllers(parts),
        **_irsa_demo(parts),
    }


def _tenants(platform: Platform, parts: InCluster) -> dict[str, pulumi.Input[str]]:
    tenants = platform.tenants
    policies = {namespace: list(each.policy_names) for namespace, each in parts.network_policies.items()}
    return {
        "namespaces": pulumi.Output.json_dumps(parts.tenancy.namespaces),
        "networkPolicyNames": _json(policies),
        "podSecurityLevels": _json({name: tenant.pod_security.value for name, tenant in tenants.items()}),
        "tenantGroups": _json({name: tenant.group_of(name) for name, tenant in tenants.items()}),
        "tenantPrincipals": _json({name: tenant.principal for name, tenant in tenants.items() if tenant.principal}),
    }


def _storage(parts: InCluster) -> dict[str, pulumi.Input[str]]:
    return {"storageClassName": parts.storage.storage_class_name} if parts.storage else {}


def _controllers(parts: InCluster) -> dict[str, pulumi.Input[str]]:
    roles = {
        "loadBalancerControllerRoleArn": parts.load_balancer_controller,
        "clusterAutoscalerRoleArn": parts.cluster_autoscaler,
    }
    return {name: each.role_arn for name, each in roles.items() if each}


def _irsa_demo(parts: InCluster) -> dict[str, pulumi.Input[str]]:
    if parts.irsa_demo is None:
        return {}
    return {
        "irsaDemoBucketName": parts.irsa_demo.bucket_name,
        "irsaDemoRoleArn": parts.irsa_demo.role_arn,
        "irsaDemoServiceAccount": parts.irsa_demo.service_accounts[0],
    }


def _json(value: Mapping[str, object] | Sequence[str]) -> str:
    return json.dumps(value, sort_keys=True)
