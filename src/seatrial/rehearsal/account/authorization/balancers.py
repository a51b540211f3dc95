"""Elastic Load Balancing: load balancers, target groups, listeners and rules by ARN, with tags."""

from collections.abc import Iterator

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, Context, arn, carried, pairs, requested
from seatrial.rehearsal.account.calls import READS, Call, Params
from seatrial.rehearsal.account.ec2.wire import one, several, structures
from seatrial.rehearsal.account.load_balancing import wire
from seatrial.rehearsal.account.load_balancing.balancers import KINDS

_SERVICE = "elasticloadbalancing"

_NAMING = ("RuleArn", "ListenerArn", "TargetGroupArn", "LoadBalancerArn")
"""Parameters that name what a call is about, the nearest first."""


def checks(call: Call) -> Iterator[Check]:
    """Give every question that a call to Elastic Load Balancing raises."""
    action, params = f"{_SERVICE}:{call.operation}", call.request.query
    if call.operation.startswith(READS):
        yield Check(action)
        return
    classic = one(params, "Version") == wire.CLASSIC
    tags = _asked(call.operation, params)
    for resource in _by_name(params) if classic else _resources(call.operation, params):
        yield Check(action, resource, {**_own(resource, classic=classic), **tags})
    if tags and call.operation.startswith("Create"):
        made = _by_name(params)[0] if classic else _made(call.operation, params)
        yield Check(f"{_SERVICE}:AddTags", made, {**tags, f"{_SERVICE}:createaction": call.operation})


def _asked(operation: str, params: Params) -> Context:
    # RemoveTags of classic load balancers names keys as tags without values.
    keys = [*several(params, "TagKeys.member"), *wire.tags(params)]
    return requested({}, keys) if operation == "RemoveTags" else requested(wire.tags(params))


def _by_name(params: Params) -> list[str]:
    names = several(params, "LoadBalancerNames.member") or [one(params, "LoadBalancerName")]
    return [arn(_SERVICE, f"loadbalancer/{name}") for name in names]


def _resources(operation: str, params: Params) -> list[str]:
    if operation in {"CreateLoadBalancer", "CreateTargetGroup"}:
        return [_made(operation, params)]
    listed = several(params, "ResourceArns.member")
    ranked = [one(it, "RuleArn") for it in structures(params, "RulePriorities.member")]
    named = [one(params, name) for name in _NAMING if name in params][:1]
    return listed or ranked or named or ["*"]


def _made(operation: str, params: Params) -> str:
    """Give the ARN of what a call makes, which has no id yet."""
    if operation == "CreateLoadBalancer":
        kind = KINDS.get(one(params, "Type", "application"), "app")
        return arn(_SERVICE, f"loadbalancer/{kind}/{one(params, 'Name')}/*")
    if operation == "CreateListener":
        return f"{one(params, 'LoadBalancerArn').replace(':loadbalancer/', ':listener/')}/*"
    if operation == "CreateRule":
        return f"{one(params, 'ListenerArn').replace(':listener/', ':listener-rule/')}/*"
    return arn(_SERVICE, f"targetgroup/{one(params, 'Name')}/*")


def _own(resource: str, *, classic: bool) -> Context:
    if classic:
        record = wire.store("_classic").get(resource.rpartition("/")[2], {})
        return carried(record.get("_tags", {}), _SERVICE)
    return carried(pairs(emulator.member(emulator.service("alb"), "_tags").get(resource, [])), _SERVICE)
