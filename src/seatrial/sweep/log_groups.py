"""Log groups that are written anew after they were deleted: by the control plane's last lines, or by agents."""

from collections.abc import Iterator

from seatrial import ownership
from seatrial.ownership import Kind
from seatrial.sweep.model import Clients, Leftover

_KIBI = 1024


def find(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give those whose name begins as those of the cluster do."""
    for prefix in ownership.log_groups(cluster):
        for page in clients("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            for group in page["logGroups"]:
                days = group.get("retentionInDays")
                kept = f"kept for {days} days" if days else "kept for ever"
                yield Leftover(
                    kind=Kind.LOG_GROUP,
                    id=group["logGroupName"],
                    name=group["logGroupName"],
                    mark=f"name begins with {prefix}",
                    detail=f"{group.get('storedBytes', 0) // _KIBI} KiB, {kept}",
                )


def delete(clients: Clients, leftover: Leftover) -> None:
    """Delete it."""
    clients("logs").delete_log_group(logGroupName=leftover.id)
