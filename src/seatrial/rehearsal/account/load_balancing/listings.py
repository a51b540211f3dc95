"""Lists of load balancers and what belongs to them: by ARN, name and parent, page by page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import Written, one, several
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.load_balancing import balancers, listeners
from seatrial.rehearsal.account.load_balancing.wire import page, store
from seatrial.rehearsal.account.refusal import RefusedError


def _by(writer: str) -> Callable[[Record], Written]:
    def shown(record: Record) -> Written:
        text: str = emulator.member(emulator.service("alb"), writer)(record)
        return Written(text.removeprefix("<member>").removesuffix("</member>"))

    return shown


def _group(record: Record) -> Written:
    record["LoadBalancerArns"] = listeners.users(record["TargetGroupArn"])
    return _by("_tg_xml")(record)


@dataclass(frozen=True, slots=True)
class Listing:
    """How resources of a kind are listed."""

    kept: str
    """Their store."""
    identity: str
    """Member that is the ARN; ``…s`` is the parameter that lists such, and the answer's name is its beginning."""
    noun: str
    """As in AWS's message; the beginning of its error code."""
    shown: Callable[[Record], Any]
    """Gives one as AWS shows it."""
    name: str = ""
    """Member that is the name; empty when they have none."""
    parent: str = ""
    """Member, and parameter, that is the ARN of what they belong to."""


LISTINGS: Mapping[str, Listing] = {
    "DescribeLoadBalancers": Listing(
        "_lbs", "LoadBalancerArn", "load balancers", balancers.shown, name="LoadBalancerName"
    ),
    "DescribeTargetGroups": Listing("_tgs", "TargetGroupArn", "target groups", _group, name="TargetGroupName"),
    "DescribeListeners": Listing(
        "_listeners", "ListenerArn", "listeners", _by("_listener_xml"), parent="LoadBalancerArn"
    ),
    "DescribeRules": Listing("_rules", "RuleArn", "rules", _by("_rule_xml"), parent="ListenerArn"),
}
"""Operation to its listing."""

_PARENTS = {"LoadBalancerArn": "_lbs", "ListenerArn": "_listeners"}


def answer(listing: Listing, params: Params) -> Record:
    """Answer a list."""
    found = _selected(listing, params, list(store(listing.kept).values()))
    shown, following = page(params, found, listing.identity)
    title = f"{listing.identity.removesuffix('Arn')}s"
    return {title: [listing.shown(record) for record in shown], "NextMarker": following}


def _selected(listing: Listing, params: Params, records: list[Record]) -> list[Record]:
    numbers, names = several(params, f"{listing.identity}s.member"), several(params, "Names.member")
    _check_all(listing, numbers, [record[listing.identity] for record in records])
    if listing.name:
        _check_all(listing, names, [record[listing.name] for record in records])
    _check_parent(listing, params)
    return [record for record in records if _is_meant(listing, params, record, numbers, names)]


def _is_meant(listing: Listing, params: Params, record: Record, numbers: list[str], names: list[str]) -> bool:
    balancer = one(params, "LoadBalancerArn") if listing.kept == "_tgs" else ""
    return (
        (not numbers or record[listing.identity] in numbers)
        and (not names or record[listing.name] in names)
        and (listing.parent not in params or record[listing.parent] == one(params, listing.parent))
        and (not balancer or balancer in listeners.users(record["TargetGroupArn"]))
    )


def _check_all(listing: Listing, wanted: list[str], known: list[str]) -> None:
    if not set(wanted) <= set(known):
        raise RefusedError(_code(listing.identity), f"One or more {listing.noun} not found")


def _check_parent(listing: Listing, params: Params) -> None:
    if listing.parent in params and one(params, listing.parent) not in store(_PARENTS[listing.parent]):
        raise RefusedError(_code(listing.parent), f"'{one(params, listing.parent)}' not found")


def _code(identity: str) -> str:
    return f"{identity.removesuffix('Arn')}NotFound"
