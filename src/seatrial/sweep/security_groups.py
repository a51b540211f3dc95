"""Security groups of load balancers whose controller is gone, and the one that EKS makes for a cluster."""

from collections.abc import Iterator

from seatrial.ownership import Kind
from seatrial.sweep import tagged
from seatrial.sweep.model import Clients, Leftover


def find(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give those that one of the marks is on."""
    for page, tag in tagged.pages(clients, "describe_security_groups", Kind.SECURITY_GROUP, cluster):
        for group in page["SecurityGroups"]:
            yield Leftover(
                kind=Kind.SECURITY_GROUP,
                id=group["GroupId"],
                name=group["GroupName"],
                mark=str(tag),
                detail=f"in {group['VpcId']}",
            )


def delete(clients: Clients, leftover: Leftover) -> None:
    """Take its rules away, then it: groups whose rules name each other could otherwise never go."""
    ec2 = clients("ec2")
    (group,) = ec2.describe_security_groups(GroupIds=[leftover.id])["SecurityGroups"]
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=leftover.id, IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=leftover.id, IpPermissions=group["IpPermissionsEgress"])
    ec2.delete_security_group(GroupId=leftover.id)
