"""Listeners and rules: the target groups that they use, and their names."""

import re
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import one, render, structures
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.load_balancing.wire import store
from seatrial.rehearsal.account.refusal import RefusedError

_PART = re.compile(r"(arn:aws:elasticloadbalancing:[^:]*:[^:]*):(listener|listener-rule)/app/([^/]+/[^/]+)/")
"""Beginning of the ARN that MiniStack gives to a listener or rule of a load balancer of whatever type."""


def install() -> None:
    """Read and write the actions that forward to several target groups, as controllers ask for them."""
    alb = emulator.service("alb")
    parse, write = emulator.original(alb, "_parse_actions"), emulator.original(alb, "_action_xml")

    def parsed(params: Params, prefix: str = "DefaultActions") -> list[Record]:
        actions: list[Record] = parse(params, prefix)
        for number, action in enumerate(actions, 1):
            _forward(action, structures(params, f"{prefix}.member.{number}.ForwardConfig.TargetGroups.member"))
        return actions

    def written(action: Record) -> str:
        groups = {"ForwardConfig": {"TargetGroups": action["ForwardTo"]}} if "ForwardTo" in action else {}
        return f"{write(action).removesuffix('</member>')}{render(groups, 'member')}</member>"

    vars(alb)["_parse_actions"] = parsed
    vars(alb)["_action_xml"] = written


def _forward(action: Record, given: list[Params]) -> None:
    """Note where an action forwards to; one target group alone is named twice, as AWS does."""
    groups = [{"TargetGroupArn": one(it, "TargetGroupArn"), "Weight": one(it, "Weight", "1")} for it in given]
    alone: Any = action.get("TargetGroupArn")
    if groups or alone:
        action["ForwardTo"] = groups or [{"TargetGroupArn": alone, "Weight": "1"}]
    if len(groups) == 1:
        action["TargetGroupArn"] = groups[0]["TargetGroupArn"]


def check_groups(params: Params) -> None:
    """Refuse actions that forward to a target group that isn't there."""
    named = [name for name in params if "Actions.member" in name and name.endswith("TargetGroupArn")]
    if any(one(params, name) not in store("_tgs") for name in named):
        raise RefusedError("TargetGroupNotFound", "One or more target groups not found")


def check_new(params: Params) -> None:
    """Refuse a second listener on a port of a load balancer."""
    check_groups(params)
    number, port = one(params, "LoadBalancerArn"), one(params, "Port")
    if any((it["LoadBalancerArn"], str(it["Port"])) == (number, port) for it in store("_listeners").values()):
        text = f"A listener already exists on this port for this load balancer '{number}'"
        raise RefusedError("DuplicateListener", text)


def check_rule(params: Params) -> None:
    """Refuse a second rule of a priority."""
    check_groups(params)
    number, priority = one(params, "ListenerArn"), one(params, "Priority")
    if any((it["ListenerArn"], it["Priority"]) == (number, priority) for it in store("_rules").values()):
        raise RefusedError("PriorityInUse", f"Priority '{priority}' is currently in use")


def users(group: str) -> list[str]:
    """Give the load balancers whose listeners and rules forward to a target group."""
    found = {it["LoadBalancerArn"] for it in store("_listeners").values() if _uses(it["DefaultActions"], group)}
    rules = [it["ListenerArn"] for it in store("_rules").values() if _uses(it["Actions"], group)]
    return sorted(found | {store("_listeners")[listener]["LoadBalancerArn"] for listener in rules})


def _uses(actions: list[Record], group: str) -> bool:
    return any(it["TargetGroupArn"] == group for action in actions for it in action.get("ForwardTo", []))


def check_unused(params: Params) -> None:
    """Refuse to delete a target group that a listener or rule uses."""
    group = one(params, "TargetGroupArn")
    if users(group):
        raise RefusedError("ResourceInUse", f"Target group '{group}' is currently in use by a listener or a rule")


def forget(balancer: str) -> None:
    """Delete the listeners of a load balancer, with their rules and tags."""
    alb = emulator.service("alb")
    for number in [it["ListenerArn"] for it in store("_listeners").values() if it["LoadBalancerArn"] == balancer]:
        for rule in [it["RuleArn"] for it in store("_rules").values() if it["ListenerArn"] == number]:
            emulator.member(alb, "_tags").pop(rule, None)
        emulator.member(alb, "_delete_listener")({"ListenerArn": [number]})


def renamed(reply: Reply) -> Reply:
    """Name what was just made by the type of its load balancer."""
    status, headers, body = reply
    alb = emulator.service("alb")
    for name in ("_listeners", "_rules", "_listener_attrs", "_tags"):
        kept = emulator.member(alb, name)
        for number in [number for number in kept if _right(number) != number]:
            kept[_right(number)] = kept.pop(number)
    for member, records in (("ListenerArn", store("_listeners")), ("RuleArn", store("_rules"))):
        for record in records.values():
            record |= {member: _right(record[member]), "ListenerArn": _right(record["ListenerArn"])}
    return status, headers, _right(body.decode()).encode()


def _right(text: str) -> str:
    return _PART.sub(_by_type, text)


def _by_type(found: "re.Match[str]") -> str:
    account, part, tail = found.groups()
    balancers = {kind: f"{account}:loadbalancer/{kind}/{tail}" for kind in ("app", "net", "gwy")}
    kind = next((kind for kind, number in balancers.items() if number in store("_lbs")), "app")
    return f"{account}:{part}/{kind}/{tail}/"
