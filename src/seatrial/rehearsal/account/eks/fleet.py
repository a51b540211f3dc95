"""The machines of managed node groups: the instances of their Auto Scaling groups, with an address in a subnet."""

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import scaling
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import within
from seatrial.rehearsal.account.emulator import Record


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance that has joined, or joins, a cluster."""

    instance: str
    group: Record
    address: str
    """Address of its interface."""
    subnet: Record

    @property
    def name(self) -> str:
        """Private DNS name, which is the node's name."""
        region = str(self.subnet["AvailabilityZone"])[:-1]
        domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
        return f"ip-{self.address.replace('.', '-')}.{domain}"


def machines(service: Service, cluster: str) -> Iterator[Machine]:
    """Give the machines of a cluster that have an address, group by group."""
    for group in within(service.state.nodegroups, cluster):
        yield from of_group(group)


def of_group(group: Record) -> Iterator[Machine]:
    """Give the machines of a group that have an address."""
    interfaces, subnets = emulator.store("ec2", "_network_interfaces"), emulator.store("ec2", "_subnets")
    known = [interfaces[number] for number in group["_interfaces"] if number in interfaces]
    attached = {interface["Attachment"]["InstanceId"]: interface for interface in known if interface["Attachment"]}
    for instance in scaling.members(group):
        interface = attached.get(instance)
        if interface and interface["SubnetId"] in subnets:
            yield Machine(instance, group, interface["PrivateIpAddress"], subnets[interface["SubnetId"]])
