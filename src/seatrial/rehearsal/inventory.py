"""What is in the emulated account, service by service, beyond what AWS itself puts into a new one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import ROOT, client


@dataclass(frozen=True, slots=True)
class Listing:
    """A call that lists one kind of resource."""

    service: str
    """As boto3 names it."""

    operation: str
    """Method of the client."""

    result: str
    """Where the list is in the answer."""

    id: str = ""
    """What names an item; empty when the items are names."""


LISTINGS = (
    Listing("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", "AutoScalingGroupName"),
    Listing("ec2", "describe_addresses", "Addresses", "AllocationId"),
    Listing("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    Listing("ec2", "describe_instances", "Reservations", "ReservationId"),
    Listing("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    Listing("ec2", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateName"),
    Listing("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    Listing("ec2", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    Listing("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    Listing("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    Listing("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    Listing("ec2", "describe_subnets", "Subnets", "SubnetId"),
    Listing("ec2", "describe_volumes", "Volumes", "VolumeId"),
    Listing("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    Listing("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    Listing("eks", "list_clusters", "clusters"),
    Listing("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    Listing("events", "list_rules", "Rules", "Name"),
    Listing("iam", "list_groups", "Groups", "GroupName"),
    Listing("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    Listing("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn"),
    Listing("iam", "list_roles", "Roles", "RoleName"),
    Listing("iam", "list_users", "Users", "UserName"),
    Listing("kms", "list_aliases", "Aliases", "AliasName"),
    Listing("kms", "list_keys", "Keys", "KeyId"),
    Listing("logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("s3", "list_buckets", "Buckets", "Name"),
    Listing("sqs", "list_queues", "QueueUrls"),
)
"""Every kind of resource that the platform has, or that a cluster makes on its own."""

_GONE = frozenset({"deleted", "PendingDeletion"})
"""States in which AWS still lists something that was deleted: NAT gateways for an hour, keys for their waiting time."""


def everything(endpoint: Endpoint) -> tuple[str, ...]:
    """List what there is, as root: ``ec2 Vpcs vpc-0123``, sorted."""
    clients = {service: client(service, endpoint, ROOT) for service in {listing.service for listing in LISTINGS}}
    foreign = _aws_own(clients["ec2"])
    found = [
        f"{listing.service} {listing.result} {name}"
        for listing in LISTINGS
        for name in _names(listing, clients, foreign)
    ]
    return tuple(sorted([*found, *(f"iam Policies {name}" for name in _policies(clients["iam"]))]))


def _names(listing: Listing, clients: dict[str, Any], foreign: frozenset[str]) -> Iterator[str]:
    call = getattr(clients[listing.service], listing.operation)
    for item in call().get(listing.result) or ():
        name = str(item[listing.id]) if listing.id else str(item)
        if not any(own in json.dumps(item, default=str) for own in foreign) and not _is_gone(listing, clients, item):
            yield name


def _is_gone(listing: Listing, clients: dict[str, Any], item: Any) -> bool:
    if listing.result == "Keys":
        return clients["kms"].describe_key(KeyId=item["KeyId"])["KeyMetadata"]["KeyState"] in _GONE
    return listing.id != "" and item.get("State") in _GONE


def _aws_own(ec2: Any) -> frozenset[str]:
    """Name what tells AWS's own things in a new account: its default network, its keys' aliases."""
    networks = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    return frozenset(["alias/aws/", "/aws-service-role/", *(network["VpcId"] for network in networks)])


def _policies(iam: Any) -> list[str]:
    return [policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]]
