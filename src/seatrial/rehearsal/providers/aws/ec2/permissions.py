"""Rules within a security group: between the provider's spelling and EC2's."""

from collections.abc import Mapping
from typing import Any

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.values import Values, listed

EVERYTHING = "-1"
"""The protocol that stands for all of them, and has no ports."""

_DIRECTIONS = {"ingress": "Ingress", "egress": "Egress"}
_LISTS = (
    ("cidrBlocks", "IpRanges", "CidrIp"),
    ("ipv6CidrBlocks", "Ipv6Ranges", "CidrIpv6"),
    ("prefixListIds", "PrefixListIds", "PrefixListId"),
    ("securityGroups", "UserIdGroupPairs", "GroupId"),
)
"""A rule's list of peers, the permission's, and what holds a peer's name there."""


def told_rules(group: Mapping[str, Any]) -> Values:
    """Return a described group's rules, as a part of its state."""
    members = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
    return {name: _rules(listed(group, member), group["GroupId"]) for name, member in members.items()}


def _rules(permissions: list[dict[str, Any]], group: str) -> list[Values]:
    """Return one rule for every description within every permission, as upstream groups them."""
    rules: dict[tuple[Any, ...], Values] = {}
    for permission in permissions:
        for name, member, key in _LISTS:
            for peer in listed(permission, member):
                rule = _rule(permission, peer.get("Description", ""))
                found = rules.setdefault(tuple(rule.values()), rule)
                _add_peer(found, name, peer[key], group)
    return [rules[key] for key in sorted(rules)]


def _rule(permission: Mapping[str, Any], description: str) -> Values:
    protocol = permission["IpProtocol"]
    start, end = (0, 0) if protocol == EVERYTHING else (permission.get("FromPort", 0), permission.get("ToPort", 0))
    return {"protocol": protocol, "fromPort": start, "toPort": end, "description": description}


def _add_peer(rule: Values, name: str, peer: str, group: str) -> None:
    if peer == group:
        rule["self"] = True
    else:
        rule[name] = sorted([*rule.get(name, ()), peer])


def set_rules(cloud: Cloud, identity: str, old: Values, new: Values) -> None:
    """Bring a group's own rules in line: those asked for and no others."""
    for name, direction in _DIRECTIONS.items():
        if name not in new:
            continue
        before = [_permission(rule, identity) for rule in old.get(name, ())]
        after = [_permission(rule, identity) for rule in new[name]]
        _call(cloud, f"RevokeSecurityGroup{direction}", identity, [it for it in before if it not in after])
        _call(cloud, f"AuthorizeSecurityGroup{direction}", identity, [it for it in after if it not in before])


def _call(cloud: Cloud, operation: str, identity: str, permissions: list[dict[str, Any]]) -> None:
    if permissions:
        cloud.ec2(operation, GroupId=identity, IpPermissions=permissions)


def _permission(rule: Values, group: str) -> dict[str, Any]:
    permission: dict[str, Any] = {"IpProtocol": rule["protocol"]}
    if rule["protocol"] != EVERYTHING:
        permission |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    description = {"Description": rule["description"]} if rule.get("description") else {}
    for name, member, key in _LISTS:
        peers = [*rule.get(name, ())] + ([group] if name == "securityGroups" and rule.get("self") else [])
        if peers:
            permission[member] = [{key: peer, **description} for peer in sorted(peers)]
    return permission


def revoke_all(cloud: Cloud, group: Mapping[str, Any]) -> None:
    """Take every rule from a described group: AWS gives each new one that lets everything out."""
    found = told_rules(group)
    set_rules(cloud, group["GroupId"], found, {"ingress": [], "egress": []})
