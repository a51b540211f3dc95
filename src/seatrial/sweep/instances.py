"""Instances whose node group, or whose controller, is gone."""

from collections.abc import Iterator

from seatrial.ownership import Kind
from seatrial.sweep import tagged
from seatrial.sweep.model import Clients, Leftover


def find(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give those that still run, or have not yet ended: until then their interfaces and volumes are in use."""
    for page, tag in tagged.pages(clients, "describe_instances", Kind.INSTANCE, cluster):
        for instance in (each for reservation in page["Reservations"] for each in reservation["Instances"]):
            state = instance["State"]["Name"]
            if state != "terminated":
                yield Leftover(
                    kind=Kind.INSTANCE,
                    id=instance["InstanceId"],
                    name=tagged.value(instance, "Name") or instance["InstanceId"],
                    mark=str(tag),
                    detail=f"{instance['InstanceType']}, {state}",
                )


def delete(clients: Clients, leftover: Leftover) -> None:
    """Terminate it."""
    clients("ec2").terminate_instances(InstanceIds=[leftover.id])
