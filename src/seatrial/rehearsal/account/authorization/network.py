"""EC2: each thing that a call creates, and each that it names."""

import re
from collections.abc import Iterator, Mapping

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, Context, arn, carried, pairs, pass_role, requested
from seatrial.rehearsal.account.calls import READS, Call, Params

CREATED = {
    "AllocateAddress": "elastic-ip",
    "AuthorizeSecurityGroupEgress": "security-group-rule",
    "AuthorizeSecurityGroupIngress": "security-group-rule",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateLaunchTemplate": "launch-template",
    "CreateNatGateway": "natgateway",
    "CreateNetworkInterface": "network-interface",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSnapshot": "snapshot",
    "CreateSubnet": "subnet",
    "CreateVolume": "volume",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
    "RunInstances": "instance",
}
"""Operation to the type of what it creates."""

TYPES = {
    "acl": "network-acl",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "fl": "vpc-flow-log",
    "i": "instance",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "snap": "snapshot",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
"""Beginning of an id to the type of the resource."""

_ID = re.compile(r"([a-z]+)-[0-9a-f]{8,17}")

_TOP_LEVEL = re.compile(r"[A-Za-z]+(?:\.\d+)?")
"""Parameters that name what a call is about; those further down only say how it is to be."""

_BY_TABLE = dict.fromkeys(("CreateRoute", "DeleteRoute", "ReplaceRoute"), "RouteTableId")
_BY_GROUP = dict.fromkeys(("RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"), "GroupId")

_BY = {**_BY_TABLE, **_BY_GROUP}
"""Judged by one parameter alone, not by what a route leads to, or by the rules that are revoked."""


def checks(call: Call) -> Iterator[Check]:
    """Give every question that a call to EC2 raises."""
    action, params = f"ec2:{call.operation}", call.request.query
    if call.operation.startswith(READS):
        yield Check(action)
        return
    tags = _requested_tags(call.operation, params)
    asked = [*_created(call.operation, action, tags), *_named(call.operation, action, params, tags)]
    yield from asked or [Check(action, context=requested(tags))]
    yield from _beside(call, tags)


def _created(operation: str, action: str, tags: Mapping[str, str]) -> Iterator[Check]:
    if operation in CREATED:
        yield Check(action, _arn(CREATED[operation], "*"), requested(tags))


def _named(operation: str, action: str, params: Params, tags: Mapping[str, str]) -> Iterator[Check]:
    tagging = operation in {"CreateTags", "DeleteTags"}
    for identifier in _identifiers(operation, params):
        kind = TYPES.get(identifier.rpartition("-")[0])
        if kind:
            own = _context(identifier)
            yield Check(action, _arn(kind, identifier), {**own, **requested(tags)} if tagging else own)


def _arn(kind: str, identifier: str) -> str:
    """Give the ARN of a resource; that of a snapshot names no account (Service Authorization Reference of EC2)."""
    shared = f"arn:aws:ec2:{emulator.region()}::snapshot/{identifier}"
    return shared if kind == "snapshot" else arn("ec2", f"{kind}/{identifier}")


def _identifiers(operation: str, params: Params) -> list[str]:
    wanted = [name for name in params if _TOP_LEVEL.fullmatch(name)]
    if operation in _BY:
        wanted = [name for name in wanted if name == _BY[operation]]
    values = [value for name in wanted for value in params[name]]
    found = [value for value in values if _ID.fullmatch(value)]
    return [*found, *_by_name(params), *(named for value in values for named in _associated(value))]


def _by_name(params: Params) -> list[str]:
    name = params.get("LaunchTemplateName", [""])[0]
    templates = emulator.store("ec2", "_launch_templates").values()
    return [template["LaunchTemplateId"] for template in templates if name and template["LaunchTemplateName"] == name]


def _associated(association: str) -> list[str]:
    """Resolve an association of a route table or an address to what it ties together."""
    for table in emulator.store("ec2", "_route_tables").values():
        for tie in table.get("Associations", []):
            if tie["RouteTableAssociationId"] == association:
                return [table["RouteTableId"], *([tie["SubnetId"]] if tie.get("SubnetId") else [])]
    addresses = emulator.store("ec2", "_addresses").values()
    return [address["AllocationId"] for address in addresses if address.get("AssociationId") == association]


def _context(identifier: str) -> Context:
    return carried(pairs(emulator.store("ec2", "_tags").get(identifier, [])), "ec2")


def _requested_tags(operation: str, params: Params) -> dict[str, str]:
    prefix = r"Tag" if operation in {"CreateTags", "DeleteTags"} else r"TagSpecifications?\.\d+\.Tag"
    pattern = re.compile(prefix + r"\.(\d+)\.Key")
    keys = [name for name in params if pattern.fullmatch(name)]
    return {params[name][0]: params.get(f"{name.removesuffix('Key')}Value", [""])[0] for name in keys}


def _beside(call: Call, tags: Mapping[str, str]) -> Iterator[Check]:
    """Give the questions that other actions raise: tags on creation, a role that is handed on, a private name."""
    params = call.request.query
    if tags and call.operation in CREATED:
        context = {**requested(tags), "ec2:createaction": call.operation}
        yield Check("ec2:CreateTags", _arn(CREATED[call.operation], "*"), context)
    if "DeliverLogsPermissionArn" in params:
        yield pass_role(params["DeliverLogsPermissionArn"][0], "vpc-flow-logs.amazonaws.com")
    if call.operation == "CreateVpcEndpoint" and params.get("PrivateDnsEnabled") == ["true"]:
        zone = f"VPCId={params['VpcId'][0]},VPCRegion={emulator.region()}"
        yield Check("route53:AssociateVPCWithHostedZone", "arn:aws:route53:::hostedzone/*", {"route53:vpcs": [zone]})
