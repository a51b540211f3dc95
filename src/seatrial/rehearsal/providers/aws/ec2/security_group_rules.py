"""Rules of security groups, each a resource of its own."""

import functools
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.permissions import EVERYTHING
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.resource_type import Part, Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import properties
from seatrial.rehearsal.providers.values import Value, Values

_PEERS = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
"""Who the rule is about: the permission's list, and the key in it."""

_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": EVERYTHING}


def _permission(inputs: Values) -> dict[str, Any]:
    description = {"Description": inputs["description"]} if inputs.get("description") else {}
    permission: dict[str, Any] = {"IpProtocol": inputs["ipProtocol"]}
    for name, member in (("fromPort", "FromPort"), ("toPort", "ToPort")):
        if inputs.get(name) is not None:
            permission[member] = int(inputs[name])
    for name, (member, key) in _PEERS.items():
        if inputs.get(name):
            permission[member] = [{key: inputs[name], **description}]
    return permission


def _create(cloud: Cloud, inputs: Values, direction: str) -> str:
    answer = cloud.ec2(
        f"AuthorizeSecurityGroup{direction}",
        GroupId=inputs["securityGroupId"],
        IpPermissions=[_permission(inputs)],
        **tag_specifications(cloud, "security-group-rule", inputs),
    )
    return answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    rule = described(cloud, "DescribeSecurityGroupRules", "SecurityGroupRules", SecurityGroupRuleIds=[identity])
    told = properties(TYPES[0].schema.outputs, rule, {"securityGroupId": "GroupId"}) | tags_of(rule)
    if rule["IpProtocol"] == EVERYTHING:
        told |= {"fromPort": None, "toPort": None}
    referenced = rule.get("ReferencedGroupInfo", {}).get("GroupId")
    return told | arn(cloud, "security-group-rule", identity) | {"referencedSecurityGroupId": referenced}


def _modify(cloud: Cloud, identity: str, _: Values, inputs: Values) -> None:
    members = {
        "cidrIpv4": "CidrIpv4",
        "cidrIpv6": "CidrIpv6",
        "description": "Description",
        "fromPort": "FromPort",
        "ipProtocol": "IpProtocol",
        "prefixListId": "PrefixListId",
        "referencedSecurityGroupId": "ReferencedGroupId",
        "toPort": "ToPort",
    }
    rule = {member: inputs[name] for name, member in members.items() if inputs.get(name) is not None}
    cloud.ec2(
        "ModifySecurityGroupRules",
        GroupId=inputs["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": identity, "SecurityGroupRule": rule}],
    )


def _revoke(cloud: Cloud, identity: str, state: Values, direction: str) -> None:
    group = state["securityGroupId"]
    cloud.ec2(f"RevokeSecurityGroup{direction}", GroupId=group, SecurityGroupRuleIds=[identity])


def _same_protocol(old: Value, new: Value) -> bool:
    return _NUMBERS.get(str(old).lower(), str(old)) == _NUMBERS.get(str(new).lower(), str(new))


_CHANGEABLE = ("description", "fromPort", "ipProtocol", "toPort", *_PEERS)


def _rule(direction: str) -> ResourceType:
    name = f"SecurityGroup{direction}Rule"
    return ResourceType(
        type_name=f"aws:vpc/s{name[1:]}:{name}",
        request=Request(
            service="ec2",
            operation=f"AuthorizeSecurityGroup{direction}",
            members={"securityGroupId": "GroupId", "cidrIpv4": "CidrIp"},
        ),
        create=functools.partial(_create, direction=direction),
        read=_read,
        delete=functools.partial(_revoke, direction=direction),
        updates=(Part(properties=_CHANGEABLE, update=_modify),),
        traits=Traits(
            replaces=frozenset({"securityGroupId"}),
            same={"ipProtocol": _same_protocol},
            # EC2 refuses a second rule that says the same.
            fixed_names=("securityGroupId",),
        ),
        tags=TAGS,
    )


TYPES = (_rule("Ingress"), _rule("Egress"))
