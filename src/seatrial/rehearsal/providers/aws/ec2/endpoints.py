"""VPC endpoints: private ways to AWS services."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.documents import same_policy, text
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.readiness import Readiness, Status
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Values, first, listed

_REQUEST = Request(service="ec2", operation="CreateVpcEndpoint", members={"policy": "PolicyDocument"})
_LISTS = {"routeTableIds": "RouteTableIds", "subnetIds": "SubnetIds", "securityGroupIds": "SecurityGroupIds"}


def _create(cloud: Cloud, inputs: Values) -> str:
    wanted = parameters(_REQUEST, inputs) | tag_specifications(cloud, "vpc-endpoint", inputs)
    return cloud.ec2("CreateVpcEndpoint", **wanted)["VpcEndpoint"]["VpcEndpointId"]


def _endpoint(cloud: Cloud, identity: str) -> Mapping[str, Any]:
    return described(cloud, "DescribeVpcEndpoints", "VpcEndpoints", VpcEndpointIds=[identity])


def _read(cloud: Cloud, identity: str, _: Values) -> Values | None:
    endpoint = _endpoint(cloud, identity)
    if endpoint["State"].lower() in ("deleted", "deleting"):
        return None
    names = {"policy": "PolicyDocument", "cidrBlocks": "-", "prefixListId": "-"}
    told = properties(_ENDPOINT.schema.outputs, endpoint, names) | tags_of(endpoint)
    groups = [group["GroupId"] for group in endpoint.get("Groups", ())]
    told |= {"securityGroupIds": sorted(groups)} | arn(cloud, "vpc-endpoint", identity)
    told |= {name: sorted(listed(told, name)) for name in ("networkInterfaceIds", "routeTableIds", "subnetIds")}
    return told | _prefixes(cloud, endpoint)


def _prefixes(cloud: Cloud, endpoint: Mapping[str, Any]) -> Values:
    """Tell the addresses behind a gateway endpoint."""
    if endpoint.get("VpcEndpointType") != "Gateway":
        return {}
    by_name = [{"Name": "prefix-list-name", "Values": [endpoint["ServiceName"]]}]
    prefixes = first(cloud.ec2("DescribePrefixLists", Filters=by_name), "PrefixLists")
    return {"prefixListId": prefixes.get("PrefixListId"), "cidrBlocks": sorted(listed(prefixes, "Cidrs"))}


def _status(cloud: Cloud, identity: str, _: Values) -> Status:
    endpoint = _endpoint(cloud, identity)
    issue = endpoint.get("LastError", {}).get("Message")
    return Status(endpoint["State"].lower(), (issue,) if issue else ())


def _set_lists(cloud: Cloud, identity: str, state: Values, inputs: Values) -> None:
    wanted: dict[str, Any] = {}
    for name, member in _LISTS.items():
        before, after = set(listed(state, name)), set(listed(inputs, name))
        if name in inputs:
            wanted |= {f"Add{member}": sorted(after - before), f"Remove{member}": sorted(before - after)}
    _modify(cloud, identity, {member: ids for member, ids in wanted.items() if ids})


def _set_policy(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    _modify(cloud, identity, {"PolicyDocument": text(inputs["policy"])})


def _set_dns(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    names = ("dnsOptions", "ipAddressType", "subnetConfigurations")
    wanted = parameters(_REQUEST, {name: inputs[name] for name in names if name in inputs})
    _modify(cloud, identity, {**wanted, "PrivateDnsEnabled": bool(inputs.get("privateDnsEnabled"))})


def _accept(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    if inputs.get("autoAccept"):
        cloud.ec2("AcceptVpcEndpointConnections", ServiceId=inputs["serviceName"], VpcEndpointIds=[identity])


def _modify(cloud: Cloud, identity: str, wanted: Mapping[str, Any]) -> None:
    cloud.ec2("ModifyVpcEndpoint", VpcEndpointId=identity, **wanted)


def _delete(cloud: Cloud, identity: str, _: Values) -> None:
    answer = cloud.ec2("DeleteVpcEndpoints", VpcEndpointIds=[identity])
    for item in answer.get("Unsuccessful", ()):
        raise Refusal("ec2 DeleteVpcEndpoints", item["Error"]["Code"], item["Error"]["Message"])


_ENDPOINT = ResourceType(
    type_name="aws:ec2/vpcEndpoint:VpcEndpoint",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    updates=(
        Part(properties=tuple(_LISTS), update=_set_lists),
        Part(properties=("policy",), update=_set_policy),
        Part(properties=("dnsOptions", "ipAddressType", "privateDnsEnabled", "subnetConfigurations"), update=_set_dns),
        Part(properties=("autoAccept",), update=_accept),
    ),
    traits=Traits(
        replaces=frozenset(
            {
                "resourceConfigurationArn",
                "serviceName",
                "serviceNetworkArn",
                "serviceRegion",
                "vpcEndpointType",
                "vpcId",
            }
        ),
        computed=frozenset(
            {"dnsOptions", "ipAddressType", "policy", "privateDnsEnabled", "routeTableIds", "securityGroupIds"}
            | {"serviceName", "serviceRegion", "subnetConfigurations", "subnetIds"}
            | {
                f"dnsOptions.{name}"
                for name in ("dnsRecordIpType", "privateDnsPreference", "privateDnsSpecifiedDomains")
            }
        ),
        defaults={"vpcEndpointType": "Gateway"},
        unread=frozenset({"autoAccept"}),
        same={"policy": same_policy},
        # A VPC has one endpoint of a service that answers to its private name.
        fixed_names=("serviceName", "vpcId"),
    ),
    tags=TAGS,
    readiness=Readiness(
        probe=_status,
        ready=frozenset({"available", "pendingacceptance"}),
        failed=frozenset({"failed", "rejected", "expired", "deleting", "deleted"}),
        gone=frozenset({"deleted"}),
        seconds=600.0,
    ),
)

TYPES = (_ENDPOINT,)
