"""What is left in an account: it is asked service by service, by its own list and describe calls.

Works on the emulated account and on a real one alike. What AWS itself keeps for a while after it
was deleted is not counted: instances that are terminated, NAT gateways in the state ``deleted``,
keys that wait for their deletion, service-linked roles, the aliases of AWS's own keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Clients = Callable[[str], Any]
"""Gives the client of a service: ``session.client`` with its endpoint and certificate authority."""


def _nothing_excepted(_record: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Listing:
    """One call that lists, and what of its answer counts."""

    service: str
    operation: str
    """boto3's name of the method."""
    answer: str
    """Member of the answer that holds the list."""
    identity: str = ""
    """Member of a record that names it; empty when the list holds names."""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    counts: Callable[[Any], bool] = _nothing_excepted
    """Whether a record counts."""


def _by_owner(record: Any) -> bool:
    return not record["Path"].startswith("/aws-service-role/")


def _is_there(reservation: Any) -> bool:
    return any(instance["State"]["Name"] != "terminated" for instance in reservation["Instances"])


LISTINGS = (
    Listing("eks", "list_clusters", "clusters"),
    Listing("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    Listing("elb", "describe_load_balancers", "LoadBalancerDescriptions", "LoadBalancerName"),
    Listing("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    Listing("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupArn"),
    Listing("ec2", "describe_instances", "Reservations", "ReservationId", counts=_is_there),
    Listing("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    Listing("ec2", "describe_volumes", "Volumes", "VolumeId"),
    Listing("ec2", "describe_snapshots", "Snapshots", "SnapshotId", {"OwnerIds": ["self"]}),
    Listing("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    Listing("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", counts=lambda it: it["State"] != "deleted"),
    Listing("ec2", "describe_addresses", "Addresses", "AllocationId"),
    Listing("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    Listing("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    Listing("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    Listing("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    Listing("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    Listing("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    Listing("ec2", "describe_subnets", "Subnets", "SubnetId"),
    Listing("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    Listing("ec2", "describe_tags", "Tags", "ResourceId"),
    Listing("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn"),
    Listing("iam", "list_instance_profiles", "InstanceProfiles", "Arn"),
    Listing("iam", "list_roles", "Roles", "Arn", counts=_by_owner),
    Listing("iam", "list_policies", "Policies", "Arn", {"Scope": "Local"}),
    Listing("iam", "list_users", "Users", "Arn"),
    Listing("iam", "list_groups", "Groups", "Arn"),
    Listing(
        "kms", "list_aliases", "Aliases", "AliasName", counts=lambda it: not it["AliasName"].startswith("alias/aws/")
    ),
    Listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("s3", "list_buckets", "Buckets", "Name"),
    Listing("sqs", "list_queues", "QueueUrls"),
    Listing("events", "list_rules", "Rules", "Name"),
)
"""Every call, in the order in which a person would look: what blocks the deletion of other things first."""


_TAGS = "ec2 describe_tags"


def leftovers(clients: Clients) -> dict[str, list[str]]:
    """Ask the account for everything; give what is there, by service and call, and nothing when it is empty."""
    found = {f"{listing.service} {listing.operation}": _found(clients, listing) for listing in LISTINGS}
    found["kms list_keys"] = _keys(clients)
    _tell_once(found)
    return {call: names for call, names in found.items() if names}


def _tell_once(found: dict[str, list[str]]) -> None:
    """Leave of the tags those of what no other call names, each once."""
    others = {name for call, names in found.items() if call != _TAGS for name in names}
    found[_TAGS] = [name for name in dict.fromkeys(found[_TAGS]) if name not in others]


def _found(clients: Clients, listing: Listing) -> list[str]:
    answer = getattr(clients(listing.service), listing.operation)(**listing.parameters)
    records = [record for record in answer.get(listing.answer, []) if listing.counts(record)]
    return [record[listing.identity] if listing.identity else record for record in records]


def _keys(clients: Clients) -> list[str]:
    kms = clients("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    return [key["Arn"] for key in keys if key["KeyManager"] == "CUSTOMER" and key["KeyState"] != "PendingDeletion"]
