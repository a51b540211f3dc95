"""The machines of managed node groups: the instances of their Auto Scaling groups, with an address in a subnet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.eks import network, scaling
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


def grow(service: Service, group: Record) -> None:
    """Give every node that has none an interface with an address, and take those of nodes that are gone."""
    security = service.cluster(group["clusterName"])["resourcesVpcConfig"]["clusterSecurityGroupId"]
    zones = scaling.zones(group)
    attached = {network.owner(interface): interface for interface in group["_interfaces"]}
    network.release(interface for member, interface in attached.items() if member not in zones)
    interfaces = [interface for member, interface in attached.items() if member in zones]
    for member in [member for member in zones if member not in attached]:
        subnet = _subnet(group, zones[member], len(interfaces))
        if subnet:
            interfaces.append(
                network.attach(subnet, [security], f"aws-K8S-{member}", member, _tags(service, group, member))
            )
    group |= {"_interfaces": interfaces, "_members": list(zones)}


def _tags(service: Service, group: Record, instance: str) -> dict[str, str]:
    """Give the tags that the network plugin puts on the interfaces that it makes (amazon-vpc-cni-k8s, awsutils)."""
    made = dt.datetime.fromtimestamp(service.clock(), dt.UTC)
    return {
        "node.k8s.amazonaws.com/instance_id": instance,
        "node.k8s.amazonaws.com/createdAt": f"{made:%Y-%m-%dT%H:%M:%SZ}",
        "cluster.k8s.amazonaws.com/name": group["clusterName"],
        "eks:eni:owner": "amazon-vpc-cni",
    }


def _subnet(group: Record, zone: str, number: int) -> Record | None:
    """Choose a subnet with a free address, in turn: of the instance's zone, or else any."""
    roomy = [subnet for subnet in network.remaining(group["subnets"]) if network.free(subnet)]
    suited = [subnet for subnet in roomy if subnet["AvailabilityZone"] == zone] or roomy
    return suited[number % len(suited)] if suited else None


def is_resized(group: Record) -> bool:
    """Whether the Auto Scaling group has other instances than the node group knows: somebody has asked it itself."""
    return group["status"] == "ACTIVE" and scaling.members(group) != group.get("_members")


def follow(service: Service, group: Record) -> None:
    """Take over what somebody asked of the Auto Scaling group."""
    group["scalingConfig"] = {**group["scalingConfig"], **scaling.sizes(group)}
    grow(service, group)
