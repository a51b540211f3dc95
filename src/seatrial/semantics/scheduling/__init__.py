"""Where pods go, and where when nodes go: kube-scheduler's filters and disruption budgets, without a cluster.

The filters are those that kube-scheduler 1.36 has on by default, but for the ones about volumes and devices; what they
refuse is said in its words. Which of the nodes that are left is taken is a choice of this module, deterministic: few
pods of the same workload near, much left free. Preferences and preemption are no part of it, and defaults of
LimitRanges and RuntimeClasses are only there when the objects say them.
"""

from seatrial.semantics.scheduling.budgets import Blocked, Budget, Status, blocked, status
from seatrial.semantics.scheduling.draining import Drained, drain
from seatrial.semantics.scheduling.filtering import Verdict, verdict
from seatrial.semantics.scheduling.losses import Loss, without, without_node, without_zone
from seatrial.semantics.scheduling.node_reading import nodes
from seatrial.semantics.scheduling.nodes import HOSTNAME, ZONE, Node, NodeGroup, Taint
from seatrial.semantics.scheduling.occupancy import Occupancy
from seatrial.semantics.scheduling.placement import Pending, Schedule, occupied, schedule
from seatrial.semantics.scheduling.pods import (
    HostPort,
    NodeRequirement,
    NodeTerm,
    Pod,
    PodTerm,
    Spread,
    Template,
    Toleration,
)
from seatrial.semantics.scheduling.reading import of_fields, read
from seatrial.semantics.scheduling.workloads import Daemon, Workloads

__all__ = [
    "HOSTNAME",
    "ZONE",
    "Blocked",
    "Budget",
    "Daemon",
    "Drained",
    "HostPort",
    "Loss",
    "Node",
    "NodeGroup",
    "NodeRequirement",
    "NodeTerm",
    "Occupancy",
    "Pending",
    "Pod",
    "PodTerm",
    "Schedule",
    "Spread",
    "Status",
    "Taint",
    "Template",
    "Toleration",
    "Verdict",
    "Workloads",
    "blocked",
    "drain",
    "nodes",
    "occupied",
    "of_fields",
    "read",
    "schedule",
    "status",
    "verdict",
    "without",
    "without_node",
    "without_zone",
]
