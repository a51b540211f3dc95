"""Network interfaces that nodes had for their pods, and that nobody took back: they keep subnets and groups."""

from collections.abc import Iterator

from seatrial.ownership import Kind
from seatrial.sweep import tagged
from seatrial.sweep.model import Clients, Leftover


def find(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give those that vpc-cni, or EKS's controller for pods' own groups, has marked."""
    for page, tag in tagged.pages(clients, "describe_network_interfaces", Kind.NETWORK_INTERFACE, cluster):
        for interface in page["NetworkInterfaces"]:
            yield Leftover(
                kind=Kind.NETWORK_INTERFACE,
                id=interface["NetworkInterfaceId"],
                name=interface.get("Description") or interface["NetworkInterfaceId"],
                mark=str(tag),
                detail=f"{interface['Status']}, in {interface['SubnetId']}",
            )


def delete(clients: Clients, leftover: Leftover) -> None:
    """Delete it; AWS refuses while it is attached."""
    clients("ec2").delete_network_interface(NetworkInterfaceId=leftover.id)
