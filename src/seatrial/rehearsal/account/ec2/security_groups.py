"""Security groups: what AWS refuses about them, and the tags of their rules."""

from collections.abc import Iterator

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import stores
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import one, set_tags, several
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_MOST_TEXT = 255


def create(params: Params) -> None:
    """Refuse names and descriptions that AWS doesn't accept."""
    name, text = one(params, "GroupName"), one(params, "GroupDescription")
    if name.startswith("sg-") or len(name) > _MOST_TEXT:
        raise RefusedError("InvalidParameterValue", f"Value ({name}) for parameter GroupName is invalid.")
    if not text or len(text) > _MOST_TEXT:
        raise RefusedError("MissingParameter", "The request must contain the parameter GroupDescription")


def delete(params: Params) -> None:
    """Refuse while an interface, or a rule of another group, uses the group."""
    group = one(params, "GroupId")
    others = [record for record in store("GroupId").values() if record["GroupId"] != group]
    if stores.interfaces("GroupId", group) or any(group in _referred(record) for record in others):
        raise RefusedError("DependencyViolation", f"resource {group} has a dependent object")
    for rule in _rules(store("GroupId")[group]):
        set_tags(_identity(group, *rule), {})


def _referred(group: Record) -> set[str]:
    return {pair["GroupId"] for _, rule in _rules(group) for pair in rule.get("UserIdGroupPairs", [])}


def _rules(group: Record) -> Iterator[tuple[bool, Record]]:
    for egress, member in ((False, "IpPermissions"), (True, "IpPermissionsEgress")):
        for rule in group[member]:
            yield egress, rule


def _identity(group: str, egress: bool, rule: Record) -> str:
    return str(emulator.member(emulator.service("ec2"), "_sg_rule_id")(group, egress, rule))


def authorize(params: Params) -> None:
    """Refuse a rule that the group has, or that names a group that isn't there."""
    module = emulator.service("ec2")
    group, member = _group(params), _MEMBERS[one(params, "Action")]
    alike = emulator.member(module, "_rules_match")
    for rule in permissions(params, "IpPermissions"):
        if any(alike(rule, known) for known in store("GroupId")[group][member]):
            raise RefusedError("InvalidPermission.Duplicate", f"the specified rule already exists: {_peer(rule)}")
        for pair in rule.get("UserIdGroupPairs", []):
            if pair["GroupId"] not in store("GroupId"):
                text = f"The security group '{pair['GroupId']}' does not exist"
                raise RefusedError("InvalidGroup.NotFound", text)


_READ = "_parse_ip_permissions"


def install() -> None:
    """Read rules here, wherever MiniStack does."""
    module = emulator.service("ec2")
    emulator.original(module, _READ)
    vars(module)[_READ] = permissions


def permissions(params: Params, prefix: str) -> list[Record]:
    """Read rules; a group of the own account is the same with and without the account's number, as lists show it."""
    rules: list[Record] = emulator.original(emulator.service("ec2"), _READ)(params, prefix)
    for rule in rules:
        for pair in rule.get("UserIdGroupPairs", []):
            if pair.get("UserId") == emulator.account():
                del pair["UserId"]
    return rules


_MEMBERS = {
    "AuthorizeSecurityGroupIngress": "IpPermissions",
    "AuthorizeSecurityGroupEgress": "IpPermissionsEgress",
    "RevokeSecurityGroupIngress": "IpPermissions",
    "RevokeSecurityGroupEgress": "IpPermissionsEgress",
}


def _group(params: Params) -> str:
    if "GroupId" not in params:
        raise RefusedError("MissingParameter", "The request must contain the parameter groupName or groupId")
    return one(params, "GroupId")


def _peer(rule: Record) -> str:
    ends = f"from port: {rule.get('FromPort', 0)}, to port: {rule.get('ToPort', 65535)}"
    return f"{rule['IpProtocol']}, {ends}, ALLOW"


def revoke(params: Params) -> None:
    """Refuse to revoke what the group doesn't have."""
    module = emulator.service("ec2")
    held = store("GroupId")[_group(params)][_MEMBERS[one(params, "Action")]]
    alike = emulator.member(module, "_rules_match")
    for rule in permissions(params, "IpPermissions"):
        if not any(alike(rule, known) for known in held):
            text = "The specified rule does not exist in this security group."
            raise RefusedError("InvalidPermission.NotFound", text)


def describe_rules(params: Params) -> None:
    """Refuse ids of rules that aren't there."""
    known = {_identity(group["GroupId"], *rule) for group in store("GroupId").values() for rule in _rules(group)}
    for wanted in several(params, "SecurityGroupRuleId"):
        if wanted not in known:
            text = f"The security group rule ID '{wanted}' does not exist"
            raise RefusedError("InvalidSecurityGroupRuleId.NotFound", text)
