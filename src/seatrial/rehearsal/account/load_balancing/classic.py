"""Classic load balancers, as Kubernetes' own integration makes them for Services without a class."""

import secrets
import time
from collections.abc import Callable, Mapping

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Call, Params
from seatrial.rehearsal.account.ec2.stores import store as ec2
from seatrial.rehearsal.account.ec2.wire import one, several, structures
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.load_balancing import placement
from seatrial.rehearsal.account.load_balancing.wire import CLASSIC, answer, page, store, tags
from seatrial.rehearsal.account.refusal import RefusedError

STORE = "_classic"

MOST_DESCRIBED = 20
"""Load balancers whose tags one call may ask for."""


def install() -> None:
    """Keep classic load balancers where MiniStack keeps the others: written down, restored and forgotten with them."""
    alb = emulator.service("alb")
    scoped = emulator.member(emulator.core("responses"), "AccountRegionScopedDict")
    get, load, reset = (emulator.original(alb, name) for name in ("get_state", "load_persisted_state", "reset"))
    kept = vars(alb).setdefault(STORE, scoped())

    def state() -> Record:
        return {**get(), STORE: kept}

    def restore(document: Record) -> None:
        load(document)
        kept.update(document.get(STORE, {}))

    def forget() -> None:
        reset()
        kept.clear()

    vars(alb).update({"get_state": state, "load_persisted_state": restore, "reset": forget})


def reply(call: Call, service: Service) -> Reply | None:
    """Answer a call of the older version of the API; nothing when it is of the other."""
    params = call.request.query
    if one(params, "Version") != CLASSIC:
        return None
    operation = _OPERATIONS.get(call.operation)
    if operation is None:
        raise RefusedError("InvalidAction", f"The action {call.operation} is not emulated for classic load balancers")
    return answer(params, operation(params, service.due()), CLASSIC)


def _create(params: Params, _due: float) -> Record:
    name, subnets = one(params, "LoadBalancerName"), several(params, "Subnets.member")
    if name in store(STORE):
        raise RefusedError("DuplicateLoadBalancerName", f"The load balancer name '{name}' already exists")
    if not subnets:
        raise RefusedError("ValidationError", "Either AvailabilityZones or SubnetIds must be specified")
    vpc = placement.subnets(subnets)[0]["VpcId"]
    scheme = one(params, "Scheme", "internet-facing")
    if scheme == "internet-facing":
        placement.check_public(vpc)
    security = placement.groups(vpc, several(params, "SecurityGroups.member")) or [placement.default_group(vpc)]
    record: Record = {
        "LoadBalancerName": name,
        "DNSName": _address(name, scheme),
        "Scheme": scheme,
        "VPCId": vpc,
        "Subnets": subnets,
        "SecurityGroups": security,
        "Listeners": [_listener(given) for given in structures(params, "Listeners.member")],
        "CreatedTime": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "_tags": tags(params),
        "_interfaces": _stand(name, subnets, security, scheme),
    }
    store(STORE)[name] = record
    return {"DNSName": record["DNSName"]}


def _address(name: str, scheme: str) -> str:
    inside = "internal-" if scheme == "internal" else ""
    return f"{inside}{name}-{secrets.randbelow(10**10)}.{emulator.region()}.elb.amazonaws.com"


def _listener(given: Params) -> Record:
    return {
        "Protocol": one(given, "Protocol"),
        "LoadBalancerPort": one(given, "LoadBalancerPort"),
        "InstanceProtocol": one(given, "InstanceProtocol", one(given, "Protocol")),
        "InstancePort": one(given, "InstancePort"),
    }


def _stand(name: str, subnets: list[str], security: list[str], scheme: str) -> list[str]:
    made = [placement.attach(ec2("SubnetId")[subnet], security, f"ELB {name}") for subnet in subnets]
    for interface in made if scheme == "internet-facing" else []:
        placement.publish(interface)
    return made


def _describe(params: Params, _due: float) -> Record:
    wanted = several(params, "LoadBalancerNames.member")
    records = [_found(name) for name in wanted] or list(store(STORE).values())
    shown, following = page(params, records, "LoadBalancerName")
    return {"LoadBalancerDescriptions": [_shown(record) for record in shown], "NextMarker": following}


def _found(name: str) -> Record:
    record = store(STORE).get(name)
    if record is None:
        raise RefusedError("LoadBalancerNotFound", f"There is no ACTIVE Load Balancer named '{name}'")
    return record


def _shown(record: Record) -> Record:
    own = {name: value for name, value in record.items() if not name.startswith("_") and name != "Listeners"}
    group = ec2("GroupId").get(record["SecurityGroups"][0], {})
    return {
        **own,
        "CanonicalHostedZoneNameID": "Z3AADJGX6KTTL2",
        "ListenerDescriptions": [{"Listener": listener, "PolicyNames": []} for listener in record["Listeners"]],
        "AvailabilityZones": placement.zones(record["Subnets"]),
        "Instances": [],
        "SourceSecurityGroup": {"OwnerAlias": emulator.account(), "GroupName": group.get("GroupName")},
    }


def _delete(params: Params, due: float) -> Record:
    """Delete one; AWS answers the same when there is none."""
    record = store(STORE).pop(one(params, "LoadBalancerName"), None)
    if record:
        placement.leave(record["_interfaces"], due)
    return {}


def _only(params: Params) -> Record:
    names = several(params, "LoadBalancerNames.member")
    if len(names) != 1:
        raise RefusedError("ValidationError", "Exactly 1 LoadBalancerName can be specified")
    return _found(names[0])


def _add_tags(params: Params, _due: float) -> Record:
    _only(params)["_tags"] |= tags(params)
    return {}


def _remove_tags(params: Params, _due: float) -> Record:
    record, gone = _only(params), tags(params)
    record["_tags"] = {name: value for name, value in record["_tags"].items() if name not in gone}
    return {}


def _describe_tags(params: Params, _due: float) -> Record:
    names = several(params, "LoadBalancerNames.member")
    if len(names) > MOST_DESCRIBED:
        limit = f"Member must have length less than or equal to {MOST_DESCRIBED}"
        text = f"Value '[{', '.join(names)}]' at 'loadBalancerNames' failed to satisfy constraint: {limit}"
        raise RefusedError("ValidationError", f"1 validation error detected: {text}")
    return {"TagDescriptions": [_tagged(_found(name)) for name in names]}


def _tagged(record: Record) -> Record:
    pairs = [{"Key": name, "Value": value} for name, value in record["_tags"].items()]
    return {"LoadBalancerName": record["LoadBalancerName"], "Tags": pairs}


_OPERATIONS: Mapping[str, Callable[[Params, float], Record]] = {
    "AddTags": _add_tags,
    "CreateLoadBalancer": _create,
    "DeleteLoadBalancer": _delete,
    "DescribeLoadBalancers": _describe,
    "DescribeTags": _describe_tags,
    "RemoveTags": _remove_tags,
}
