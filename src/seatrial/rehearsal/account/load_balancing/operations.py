"""Which operations of Elastic Load Balancing are answered here, and which are looked at before MiniStack answers."""

from collections.abc import Callable, Mapping

from seatrial.rehearsal.account import answers, emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store as ec2
from seatrial.rehearsal.account.ec2.wire import one, several
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.load_balancing import balancers, classic, listeners, listings, wire
from seatrial.rehearsal.account.refusal import RefusedError

MOST_DESCRIBED = 20
"""Resources whose tags one call may ask for."""


def _check_one(params: Params) -> None:
    if len(several(params, "ResourceArns.member")) > 1:
        raise RefusedError("ValidationError", "Only one resource can be tagged at a time")


def _check_described(params: Params) -> None:
    if len(several(params, "ResourceArns.member")) > MOST_DESCRIBED:
        raise RefusedError("ValidationError", f"Cannot have more than {MOST_DESCRIBED} resources described")


def _check_group(params: Params) -> None:
    name, vpc = one(params, "Name"), one(params, "VpcId")
    if len(name) > balancers.LONGEST_NAME:
        text = f"Target group name '{name}' cannot be longer than '{balancers.LONGEST_NAME}' characters"
        raise RefusedError("ValidationError", text)
    if vpc and vpc not in ec2("VpcId"):
        raise RefusedError("ValidationError", f"The VPC ID '{vpc}' is not found")


GUARDS: Mapping[str, Callable[[Params], None]] = {
    "AddTags": _check_one,
    "CreateListener": listeners.check_new,
    "CreateRule": listeners.check_rule,
    "CreateTargetGroup": _check_group,
    "DeleteTargetGroup": listeners.check_unused,
    "DescribeTags": _check_described,
    "ModifyListener": listeners.check_groups,
    "ModifyRule": listeners.check_groups,
    "RemoveTags": _check_one,
}
"""Operation to what is looked at before MiniStack answers it."""

OWN: Mapping[str, Callable[[Params, float], Record]] = {
    "CreateLoadBalancer": lambda params, _: balancers.create(params),
    "DeleteLoadBalancer": balancers.delete,
    "SetSecurityGroups": lambda params, _: balancers.set_groups(params),
    "SetSubnets": balancers.set_subnets,
    **{name: lambda params, _, it=listing: listings.answer(it, params) for name, listing in listings.LISTINGS.items()},
}
"""Operation to what answers it here; the second argument is when what ends now is gone."""

_MAKING = frozenset({"CreateListener", "CreateRule"})


def install(service: Service) -> None:
    """Take the place of MiniStack's actions, and remember classic load balancers with its own."""
    alb = emulator.service("alb")
    actions = emulator.member(alb, "_ACTION_MAP")
    for name, action in emulator.original(alb, "_ACTION_MAP").items():
        actions[name] = _action(name, action, service)
    listeners.install()
    classic.install()


def _action(name: str, original: Callable[[Params], Reply], service: Service) -> Callable[[Params], Reply]:
    def act(params: Params) -> Reply:
        try:
            return _answered(name, original, params, service.due())
        except RefusedError as refused:
            return answers.error("elasticloadbalancing", refused.status, refused.code, str(refused))

    return act


def _answered(name: str, original: Callable[[Params], Reply], params: Params, due: float) -> Reply:
    if name in OWN:
        return wire.answer(params, OWN[name](params, due))
    if name in GUARDS:
        GUARDS[name](params)
    reply = original(params)
    return listeners.renamed(reply) if name in _MAKING else reply
