"""Application, network and gateway load balancers."""

import secrets
import time

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import arn
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import interfaces
from seatrial.rehearsal.account.ec2.stores import store as ec2
from seatrial.rehearsal.account.ec2.wire import one, several, structures
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.load_balancing import listeners, placement
from seatrial.rehearsal.account.load_balancing.wire import store, tags
from seatrial.rehearsal.account.refusal import RefusedError

KINDS = {"application": "app", "network": "net", "gateway": "gwy"}
"""Type of a load balancer to its name in ARNs."""

LONGEST_NAME = 32

_PROTECTION = "deletion_protection.enabled"

_INTERFACES = {"application": "interface", "network": "network_load_balancer", "gateway": "gateway_load_balancer"}
"""Type of a load balancer to that of its interfaces."""


def create(params: Params) -> Record:
    """CreateLoadBalancer."""
    name, kind = one(params, "Name"), one(params, "Type", "application")
    _check_name(name)
    places = _places(params)
    subnets = _check_places(kind, list(places))
    number, scheme = secrets.token_hex(8), one(params, "Scheme", "internet-facing")
    vpc = subnets[0]["VpcId"]
    record: Record = {
        "LoadBalancerArn": arn("elasticloadbalancing", f"loadbalancer/{KINDS[kind]}/{name}/{number}"),
        "LoadBalancerName": name,
        "DNSName": _address(name, number, kind, scheme),
        "Scheme": scheme,
        "VpcId": vpc,
        "State": "active",
        "Type": kind,
        "Subnets": [],
        "SecurityGroups": _groups(kind, vpc, several(params, "SecurityGroups.member")),
        "IpAddressType": one(params, "IpAddressType", "ipv4"),
        "CreatedTime": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "_interfaces": {},
    }
    if scheme == "internet-facing":
        placement.check_public(vpc)
    _stand(record, places, 0)
    _keep(record, tags(params))
    return {"LoadBalancers": [shown(record)]}


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME:
        text = f"The load balancer name '{name}' cannot be longer than '{LONGEST_NAME}' characters"
        raise RefusedError("ValidationError", text)
    if any(record["LoadBalancerName"] == name for record in store("_lbs").values()):
        text = f"A load balancer with the same name '{name}' exists, but with different settings"
        raise RefusedError("DuplicateLoadBalancerName", text)


def _places(params: Params) -> dict[str, str]:
    """Give the subnets of a request, and the elastic address that is to be in each."""
    mapped = structures(params, "SubnetMappings.member")
    plain = dict.fromkeys(several(params, "Subnets.member"), "")
    return {one(it, "SubnetId"): one(it, "AllocationId") for it in mapped} or plain


def _check_places(kind: str, ids: list[str]) -> list[Record]:
    least = 2 if kind == "application" else 1
    if len(ids) < least:
        text = "At least two subnets in two different Availability Zones must be specified"
        raise RefusedError("ValidationError", text if least > 1 else "At least one subnet must be specified")
    return placement.subnets(ids)


def _groups(kind: str, vpc: str, wanted: list[str]) -> list[str]:
    found = placement.groups(vpc, wanted)
    return found or ([placement.default_group(vpc)] if kind == "application" else [])


def _address(name: str, number: str, kind: str, scheme: str) -> str:
    if kind == "network":
        return f"{name}-{number}.elb.{emulator.region()}.amazonaws.com"
    inside = "internal-" if scheme == "internal" else ""
    return f"{inside}{name}-{secrets.randbelow(10**10)}.{emulator.region()}.elb.amazonaws.com"


def _keep(record: Record, given: dict[str, str]) -> None:
    alb, number = emulator.service("alb"), record["LoadBalancerArn"]
    store("_lbs")[number] = record
    emulator.member(alb, "_tags")[number] = [{"Key": name, "Value": value} for name, value in given.items()]
    attributes = {"access_logs.s3.enabled": "false", _PROTECTION: "false", "load_balancing.cross_zone.enabled": "true"}
    emulator.member(alb, "_lb_attrs")[number] = [{"Key": name, "Value": value} for name, value in attributes.items()]


def _stand(record: Record, places: dict[str, str], due: float) -> None:
    """Have an interface in each of these subnets, and in no other."""
    kept: dict[str, str] = record["_interfaces"]
    placement.leave([kept.pop(subnet) for subnet in list(kept) if subnet not in places], due)
    text = f"ELB {record['LoadBalancerArn'].partition(':loadbalancer/')[2]}"
    for subnet in [subnet for subnet in places if subnet not in kept]:
        where, kind = ec2("SubnetId")[subnet], _INTERFACES[record["Type"]]
        kept[subnet] = placement.attach(where, record["SecurityGroups"], text, kind)
        if record["Scheme"] == "internet-facing":
            placement.publish(kept[subnet], places[subnet])
    record["Subnets"] = list(places)


def _found(params: Params) -> Record:
    number = one(params, "LoadBalancerArn")
    record = store("_lbs").get(number)
    if record is None:
        raise RefusedError("LoadBalancerNotFound", f"Load balancer '{number}' not found")
    return record


def set_subnets(params: Params, due: float) -> Record:
    """SetSubnets."""
    record, places = _found(params), _places(params)
    _check_places(record["Type"], list(places))
    _stand(record, places, due)
    return {"AvailabilityZones": _zones(record), "IpAddressType": record["IpAddressType"]}


def set_groups(params: Params) -> Record:
    """SetSecurityGroups."""
    record = _found(params)
    record["SecurityGroups"] = placement.groups(record["VpcId"], several(params, "SecurityGroups.member"))
    placement.regroup(record["_interfaces"].values(), record["SecurityGroups"])
    return {"SecurityGroupIds": record["SecurityGroups"]}


def delete(params: Params, due: float) -> Record:
    """DeleteLoadBalancer: with its listeners and rules; nothing happens when there is none."""
    number, alb = one(params, "LoadBalancerArn"), emulator.service("alb")
    record = store("_lbs").get(number)
    if record:
        _check_protection(number)
        placement.leave(record["_interfaces"].values(), due)
        listeners.forget(number)
        for kept in (store("_lbs"), emulator.member(alb, "_lb_attrs"), emulator.member(alb, "_tags")):
            kept.pop(number)
    return {}


def _check_protection(number: str) -> None:
    attributes = emulator.member(emulator.service("alb"), "_lb_attrs")[number]
    if {"Key": _PROTECTION, "Value": "true"} in attributes:
        text = f"Load balancer '{number}' cannot be deleted because deletion protection is enabled"
        raise RefusedError("OperationNotPermitted", text)


def shown(record: Record) -> Record:
    """Give a load balancer as AWS shows it."""
    return {
        "LoadBalancerArn": record["LoadBalancerArn"],
        "DNSName": record["DNSName"],
        "CanonicalHostedZoneId": "Z3AADJGX6KTTL2",
        "CreatedTime": record["CreatedTime"],
        "LoadBalancerName": record["LoadBalancerName"],
        "Scheme": record["Scheme"],
        "VpcId": record["VpcId"],
        "State": {"Code": record["State"]},
        "Type": record["Type"],
        "AvailabilityZones": _zones(record),
        "SecurityGroups": record["SecurityGroups"],
        "IpAddressType": record["IpAddressType"],
    }


def _zones(record: Record) -> list[Record]:
    return [
        {"ZoneName": zone, "SubnetId": subnet, "LoadBalancerAddresses": _elastic(record["_interfaces"][subnet])}
        for subnet, zone in zip(record["Subnets"], placement.zones(record["Subnets"]), strict=True)
    ]


def _elastic(interface: str) -> list[Record]:
    """Give the elastic address in a zone: those of the service's own are not shown."""
    held = [it for it in ec2("AllocationId").values() if it.get("NetworkInterfaceId") == interface]
    address = interfaces.public_address(ec2("NetworkInterfaceId")[interface])
    return [{"IpAddress": address, "AllocationId": it["AllocationId"]} for it in held]
