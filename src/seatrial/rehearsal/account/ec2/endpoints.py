"""VPC endpoints: gateways in route tables, interfaces in subnets, with policy, groups and private names."""

import json
import time

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import identifier, one, set_tags, several, tag_set, tags
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

GATEWAYS = ("s3", "dynamodb")
"""Services that have gateway endpoints."""

_OPEN = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}

_LISTS = {"RouteTableId": "RouteTableIds", "SubnetId": "SubnetIds", "SecurityGroupId": "SecurityGroupIds"}


def create(params: Params, due: float) -> Record:
    """CreateVpcEndpoint."""
    number, kind = identifier("vpce"), one(params, "VpcEndpointType", "Gateway")
    endpoint: Record = {
        "VpcEndpointId": number,
        "VpcEndpointType": kind,
        "VpcId": one(params, "VpcId"),
        "ServiceName": one(params, "ServiceName"),
        "State": "pending" if kind == "Interface" else "available",
        "PolicyDocument": one(params, "PolicyDocument") or json.dumps(_OPEN),
        "PrivateDnsEnabled": one(params, "PrivateDnsEnabled", "true" if kind == "Interface" else "false") == "true",
        **{kept: several(params, given) for given, kept in _LISTS.items()},
        "Interfaces": {},
        "CreationTimestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "OwnerId": emulator.account(),
        "_due": due,
    }
    _check(endpoint)
    _place(endpoint)
    store("VpcEndpointId")[number] = endpoint
    set_tags(number, tags(params, "vpc-endpoint"))
    return {"vpcEndpoint": shown(endpoint)}


def _check(endpoint: Record) -> None:
    service = endpoint["ServiceName"]
    short = service.removeprefix(f"com.amazonaws.{emulator.region()}.")
    if short == service or (endpoint["VpcEndpointType"] == "Gateway" and short not in GATEWAYS):
        raise RefusedError("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    _check_policy(endpoint["PolicyDocument"])
    others = [e for e in store("VpcEndpointId").values() if e["VpcId"] == endpoint["VpcId"] and e is not endpoint]
    if endpoint["VpcEndpointType"] == "Interface":
        _check_names(endpoint, others)
    elif any(_served(other) & _served(endpoint) and other["ServiceName"] == service for other in others):
        text = f"route table already has a route with destination-prefix-list-id for {service}"
        raise RefusedError("RouteAlreadyExists", text)


def _check_policy(document: str) -> None:
    try:
        json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError) as fault:
        raise RefusedError("InvalidParameterValue", "Policy document is not valid") from fault


def _served(endpoint: Record) -> set[str]:
    return set(endpoint["RouteTableIds"])


def _check_names(endpoint: Record, others: list[Record]) -> None:
    if not endpoint["PrivateDnsEnabled"]:
        return
    vpc = store("VpcId")[endpoint["VpcId"]]
    if not (vpc.get("EnableDnsSupport", True) and vpc.get("EnableDnsHostnames", False)):
        text = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
            f"set to true for {vpc['VpcId']}"
        )
        raise RefusedError("InvalidParameter", text)
    if any(other["PrivateDnsEnabled"] and other["ServiceName"] == endpoint["ServiceName"] for other in others):
        text = f"there is already a conflicting DNS domain for {endpoint['ServiceName']}"
        raise RefusedError("InvalidParameter", text)


def _place(endpoint: Record) -> None:
    """Have an interface in each subnet of the endpoint, and in no other, with the endpoint's groups."""
    kept: dict[str, str] = endpoint["Interfaces"]
    network.release(kept.pop(subnet) for subnet in set(kept) - set(endpoint["SubnetIds"]))
    subnets = store("SubnetId")
    for subnet in endpoint["SubnetIds"]:
        if subnet not in kept:
            text = f"VPC Endpoint Interface {endpoint['VpcEndpointId']}"
            kept[subnet] = network.attach(subnets[subnet], _groups(endpoint), text, "", {})
    for interface in kept.values():
        record = emulator.store("ec2", "_network_interfaces")[interface]
        record["InterfaceType"] = "vpc_endpoint"
        record["Groups"] = _named(_groups(endpoint))


def _groups(endpoint: Record) -> list[str]:
    if endpoint["SecurityGroupIds"]:
        return endpoint["SecurityGroupIds"]
    vpc = store("VpcId")[endpoint["VpcId"]]
    return [vpc["DefaultSecurityGroupId"]] if endpoint["VpcEndpointType"] == "Interface" else []


def _named(groups: list[str]) -> list[Record]:
    known = store("GroupId")
    return [{"GroupId": group, "GroupName": known[group]["GroupName"]} for group in groups]


def modify(params: Params) -> Record:
    """ModifyVpcEndpoint."""
    endpoint = store("VpcEndpointId")[one(params, "VpcEndpointId")]
    for given, kept in _LISTS.items():
        left = [held for held in endpoint[kept] if held not in several(params, f"Remove{given}")]
        endpoint[kept] = list(dict.fromkeys([*left, *several(params, f"Add{given}")]))
    if one(params, "ResetPolicy") == "true":
        endpoint["PolicyDocument"] = json.dumps(_OPEN)
    if "PolicyDocument" in params:
        endpoint["PolicyDocument"] = one(params, "PolicyDocument")
    if "PrivateDnsEnabled" in params:
        endpoint["PrivateDnsEnabled"] = one(params, "PrivateDnsEnabled") == "true"
    _check(endpoint)
    _place(endpoint)
    return {"return": True}


def delete(params: Params, due: float) -> Record:
    """DeleteVpcEndpoints."""
    for number in several(params, "VpcEndpointId"):
        store("VpcEndpointId")[number] |= {"State": "deleting", "_due": due}
    return {"unsuccessful": []}


def settle(endpoint: Record) -> None:
    """Let an endpoint become available, or go."""
    if endpoint["State"] == "pending":
        endpoint["State"] = "available"
    else:
        network.release(endpoint["Interfaces"].values())
        set_tags(endpoint["VpcEndpointId"], {})
        del store("VpcEndpointId")[endpoint["VpcEndpointId"]]


def shown(endpoint: Record) -> Record:
    """Give an endpoint as EC2 shows it."""
    groups = _named(_groups(endpoint))
    service = endpoint["ServiceName"].rpartition(".")[2]
    private = f"{endpoint['VpcEndpointId']}.{service}.{emulator.region()}.vpce.amazonaws.com"
    interface = endpoint["VpcEndpointType"] == "Interface"
    return {
        "vpcEndpointId": endpoint["VpcEndpointId"],
        "vpcEndpointType": endpoint["VpcEndpointType"],
        "vpcId": endpoint["VpcId"],
        "serviceName": endpoint["ServiceName"],
        "serviceRegion": emulator.region(),
        "state": endpoint["State"],
        "policyDocument": endpoint["PolicyDocument"],
        "routeTableIdSet": endpoint["RouteTableIds"],
        "subnetIdSet": endpoint["SubnetIds"],
        "groupSet": [{"groupId": group["GroupId"], "groupName": group["GroupName"]} for group in groups],
        "ipAddressType": "ipv4",
        "dnsOptions": {"dnsRecordIpType": "ipv4"} if interface else None,
        "privateDnsEnabled": endpoint["PrivateDnsEnabled"],
        "requesterManaged": False,
        "networkInterfaceIdSet": list(endpoint["Interfaces"].values()),
        "dnsEntrySet": [{"dnsName": private, "hostedZoneId": "Z2XA6Y0K0N2PFM"}] if interface else [],
        "creationTimestamp": endpoint["CreationTimestamp"],
        "tagSet": tag_set(endpoint["VpcEndpointId"]),
        "ownerId": endpoint["OwnerId"],
    }
