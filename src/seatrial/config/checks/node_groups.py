"""Node groups: each in itself, and among each other."""

from collections import Counter
from collections.abc import Iterator

from seatrial import names
from seatrial.config.checks import instance_types
from seatrial.config.checks.check import GROUPS, Check, Context, GroupCheck, Place
from seatrial.config.location import found, path
from seatrial.config.node_groups import NodeGroup, TaintEffect
from seatrial.errors import Fault, listed

_SUFFIX = ("environmentSuffix",)


def _names_distinct(context: Context) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for key in context.platform.node_groups:
        kind = names.node_group_kind(key)
        if kind in first:
            yield Fault(
                path((*GROUPS, key)),
                key,
                "names that differ in more than hyphens",
                f"{first[kind]} gives the same AWS name, {kind}-…",
            )
        first.setdefault(kind, key)


def _names_short(context: Context) -> Iterator[Fault]:
    suffix = context.platform.environment_suffix
    limit = names.LIMITS["aws:eks/nodeGroup:NodeGroup"]
    for key in context.platform.node_groups:
        name = names.node_group(key, suffix)
        if len(name) > limit:
            yield Fault(
                path((*GROUPS, key)),
                key,
                f"a name of at most {len(key) - len(name) + limit} characters",
                f"{name} would have {len(name)} characters; EKS allows {limit}",
            )


def _home_for_system_pods(context: Context) -> Iterator[Fault]:
    groups = context.platform.node_groups.values()
    if not any(group.desired_size and not repels(group) for group in groups):
        yield Fault(
            path(GROUPS),
            listed(context.platform.node_groups),
            "at least one group without taints that starts with a node",
            "CoreDNS and the other add-ons would find no node, and the deployment would fail after 20 minutes",
        )


def repels(group: NodeGroup) -> bool:
    """Tell whether the group's taints keep away pods that don't tolerate them."""
    return any(taint.effect is not TaintEffect.PREFER_NO_SCHEDULE for taint in group.taints)


def _sizes_ordered(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    low, desired, high = group.min_size, group.desired_size, group.max_size
    if low > high:
        yield Fault(path((*place, "minSize")), found(low), f"at most maxSize, {high}")
    elif not low <= desired <= high:
        yield Fault(path((*place, "desiredSize")), found(desired), f"minSize to maxSize, {low} to {high}")


def _taints_distinct(place: Place, group: NodeGroup, _context: Context) -> Iterator[Fault]:
    for (key, effect), times in Counter((taint.key, taint.effect) for taint in group.taints).items():
        if times > 1:
            yield Fault(
                path((*place, "taints")),
                f"{key} {times} times with {effect}",
                "each key once for each effect",
                "Kubernetes refuses a node that has it twice",
            )


CHECKS = (
    Check(reads=(), run=_names_distinct),
    Check(reads=(_SUFFIX,), run=_names_short),
    Check(reads=(GROUPS,), run=_home_for_system_pods),
)

GROUP_CHECKS = (
    GroupCheck(reads=("minSize", "desiredSize", "maxSize"), run=_sizes_ordered),
    GroupCheck(reads=("taints",), run=_taints_distinct),
    *instance_types.GROUP_CHECKS,
)
