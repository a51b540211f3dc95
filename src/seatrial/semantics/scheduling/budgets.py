"""Disruption budgets: whether the API lets a pod be evicted.

Decided as the eviction subresource and the disruption controller do, see
https://kubernetes.io/docs/tasks/run-application/configure-pdb/ and
https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from seatrial.semantics.network_policy.labels import Selector
from seatrial.semantics.scheduling.pods import Pod
from seatrial.semantics.scheduling.selection import selects

REFUSED: Final = "Cannot evict pod as it would violate the pod's disruption budget."
SEVERAL: Final = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."

_WITH_SCALE = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})
"""Kinds whose number of pods the disruption controller can ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A PodDisruptionBudget."""

    namespace: str
    name: str
    selector: Selector | None
    """None means no pod."""

    min_available: int | str | None = None
    """A number, or a percentage such as ``50%``."""

    max_unavailable: int | str | None = None
    """As ``min_available``; decides when both are given, which the API refuses."""

    always_evicts_unhealthy: bool = False
    """``unhealthyPodEvictionPolicy: AlwaysAllow``."""

    def covers(self, pod: Pod) -> bool:
        """Tell whether it protects a pod."""
        return self.namespace == pod.template.namespace and selects(self.selector, pod.template.labels)

    def __str__(self) -> str:
        return f"PodDisruptionBudget/{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the disruption controller writes into a budget."""

    expected: int
    desired: int
    """How many pods have to be healthy."""

    healthy: int
    failure: str = ""
    """Why the controller can't tell; nothing may be disrupted then."""

    @property
    def allowed(self) -> int:
        """How many healthy pods may go."""
        return 0 if self.failure or self.expected <= 0 else max(0, self.healthy - self.desired)


@dataclass(frozen=True, slots=True)
class Blocked:
    """A pod that the API won't evict."""

    pod: Pod
    budgets: tuple[Budget, ...]
    """The one that forbids it; or all of them when it is that there are several."""

    message: str

    def __str__(self) -> str:
        return f"{self.pod}: {', '.join(map(str, self.budgets))}: {self.message}"


def blocked(pod: Pod, budgets: Iterable[Budget], running: Mapping[Pod, bool]) -> Blocked | None:
    """Return what forbids the eviction of a running pod; None when nothing does.

    ``running`` holds every pod that there is, those that wait for a node included, and whether it is healthy.
    """
    found = tuple(budget for budget in budgets if budget.covers(pod))
    if len(found) > 1:
        return Blocked(pod, found, SEVERAL)
    return next((each for budget in found if (each := _blocked_by(pod, budget, running))), None)


def status(budget: Budget, running: Mapping[Pod, bool]) -> Status:
    """Compute what the controller would write."""
    covered = [pod for pod in running if budget.covers(pod)]
    healthy = sum(running[pod] for pod in covered)
    if budget.max_unavailable is None and not isinstance(budget.min_available, str):
        # A budget that says neither expects nothing, and so allows nothing.
        expected = 0 if budget.min_available is None else len(covered)
        return Status(expected=expected, desired=budget.min_available or 0, healthy=healthy)
    without = next((pod for pod in covered if pod.template.owner and _kind(pod) not in _WITH_SCALE), None)
    if without:
        return Status(expected=0, desired=0, healthy=healthy, failure=f'found no controllers for pod "{without.name}"')
    expected = _scale(covered, running)
    return Status(expected=expected, desired=_desired(budget, expected), healthy=healthy)


def _blocked_by(pod: Pod, budget: Budget, running: Mapping[Pod, bool]) -> Blocked | None:
    found = status(budget, running)
    if not running[pod] and (budget.always_evicts_unhealthy or found.healthy >= found.desired > 0):
        return None
    return None if found.allowed else Blocked(pod, (budget,), f"{REFUSED} {_cause(budget, found)}")


def _cause(budget: Budget, found: Status) -> str:
    subject = f"The disruption budget {budget.name}"
    if found.failure:
        return f"{subject} does not allow evicting pods currently because it failed sync: {found.failure}"
    if found.healthy <= found.desired:
        return f"{subject} needs {found.desired} healthy pods and has {found.healthy} currently"
    return f"{subject} does not allow evicting pods currently"


def _scale(covered: Iterable[Pod], running: Iterable[Pod]) -> int:
    """Add up how many pods the owners of the covered pods are to have; a pod by itself is no part of it."""
    owners = {pod.template.owner for pod in covered} - {""}
    return sum(pod.template.owner in owners for pod in running)


def _desired(budget: Budget, expected: int) -> int:
    if budget.max_unavailable is None:
        return _scaled(budget.min_available or 0, expected)
    return max(0, expected - _scaled(budget.max_unavailable, expected))


def _scaled(amount: int | str, total: int) -> int:
    """Turn a percentage into pods, rounded up for both kinds of budget."""
    return amount if isinstance(amount, int) else ceil(int(amount.removesuffix("%")) * total / 100)


def _kind(pod: Pod) -> str:
    return pod.template.owner.partition("/")[0]
