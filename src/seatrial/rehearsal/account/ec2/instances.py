"""Instances: an interface in their subnet, what goes when they end, and lists of them."""

from typing import Any

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import interfaces
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import Written, set_tags, several
from seatrial.rehearsal.account.eks import network
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError


def install() -> None:
    """Stand in front of what launches instances, for a call of one's own and for a fleet alike."""
    module = emulator.service("ec2")
    launch = emulator.original(module, "_launch_instances_internal")

    def launched(**given: Any) -> list[Record]:
        subnet = store("SubnetId").get(given["subnet_id"])
        if subnet is None:
            raise RefusedError("VPCIdNotSpecified", "No default VPC for this user")
        wanted: list[str] = given.get("sg_ids") or []
        groups = interfaces.groups_in(subnet["VpcId"], [group for group in wanted if group in store("GroupId")])
        instances: list[Record] = launch(**{**given, "sg_ids": groups})
        for instance in instances:
            _place(instance, subnet, groups)
        return instances

    vars(module)["_launch_instances_internal"] = launched


def _place(instance: Record, subnet: Record, groups: list[str]) -> None:
    """Give an instance the interface that it has on AWS: it holds subnet and security groups."""
    number, zone = instance["InstanceId"], subnet["AvailabilityZone"]
    interface = store("NetworkInterfaceId")[network.attach(subnet, groups, "", number, {})]
    if subnet.get("MapPublicIpOnLaunch"):
        interface["PublicIp"] = instance["PublicIpAddress"]
    instance |= {
        "PrivateIpAddress": interface["PrivateIpAddress"],
        "PublicIpAddress": interface.get("PublicIp", ""),
        "Placement": {**instance["Placement"], "AvailabilityZone": zone},
    }
    for volume in _volumes(number):
        volume["AvailabilityZone"] = zone


def _volumes(instance: str) -> list[Record]:
    return [
        volume
        for volume in store("VolumeId").values()
        if any(attachment["InstanceId"] == instance for attachment in volume["Attachments"])
    ]


def terminated(params: Params) -> None:
    """Let go with an instance what AWS lets go: its interface, tags and root volume; other volumes are free then."""
    for instance in several(params, "InstanceId"):
        own = [number for number in store("NetworkInterfaceId") if network.owner(number) == instance]
        network.release(own)
        set_tags(instance, {})
        for volume in _volumes(instance):
            _leave(volume)


def _leave(volume: Record) -> None:
    if volume["Attachments"][0]["DeleteOnTermination"]:
        del store("VolumeId")[volume["VolumeId"]]
    else:
        volume |= {"State": "available", "Attachments": []}


def shown(instance: Record) -> Record:
    """Give an instance as EC2 shows it: in a reservation of its own."""
    write = emulator.member(emulator.service("ec2"), "_instance_xml")
    return {
        "reservationId": f"r-{instance['InstanceId'].removeprefix('i-')}",
        "ownerId": emulator.account(),
        "instancesSet": Written(write(instance)),
    }
