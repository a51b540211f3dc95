"""Each evaluator's whole question about a plan: a pod in every namespace, and everything asked about it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Final

from seatrial.errors import Fault
from seatrial.plan import Plan
from seatrial.rules.facts.kinds import NAMESPACE
from seatrial.rules.facts.manifests import manifest
from seatrial.rules.facts.objects import Objects
from seatrial.semantics import eks_enforcement, fields, iam, network_policy, pod_security, rbac, scheduling
from seatrial.semantics.eks_enforcement import situation
from seatrial.semantics.network_policy import HostNetwork

Manifest = Mapping[str, object]

_PODS_A_NODE: Final = 100
_NODE: Final = {"cpu": "64", "memory": "256Gi", "pods": "110"}


class Question:
    """What is asked about: the plan's objects, and a workload in each of its namespaces."""

    def __init__(self, planned: Plan) -> None:
        """Take the objects from a plan."""
        objects = Objects(planned)
        self.planned = planned
        self.namespaces = [each.name for each in objects.of_kind(NAMESPACE)]
        self.workloads = [_workload(name) for name in self.namespaces]
        self.objects: Sequence[Manifest] = [*map(manifest, objects.every), *self.workloads, situation.DNS_PODS]

    @cached_property
    def nodes(self) -> Sequence[Manifest]:
        """Nodes with room for every workload, in two zones."""
        return [_node(number) for number in range(2 + len(self.namespaces) // _PODS_A_NODE)]


def _connections(question: Question) -> object:
    return network_policy.connections(question.objects, HostNetwork.AS_NODES)


def _enforcement(question: Question) -> object:
    return eks_enforcement.findings(question.objects)


def _pod_security(question: Question) -> object:
    return [pod_security.violations(each, "restricted", "latest") for each in question.objects]


def _rbac(question: Question) -> object:
    known = rbac.read(question.objects)
    asked = (rbac.Request(verb="get", resource="secrets", namespace=name, name="any") for name in question.namespaces)
    return [known.who_can(each) for each in asked]


def _scheduling(question: Question) -> object:
    found = scheduling.read(question.workloads)
    faults: list[Fault] = []
    nodes = scheduling.nodes([fields.of_object(each, faults) for each in question.nodes])
    return scheduling.schedule(found, nodes)


def _iam(question: Question) -> object:
    return [
        iam.policy(str(each.inputs[name]), each.name, kind)
        for each in question.planned
        for name, kind in (("policy", iam.Kind.IDENTITY), ("assumeRolePolicy", iam.Kind.TRUST))
        if each.type.startswith("aws:iam/") and isinstance(each.inputs.get(name), str)
    ]


def _workload(namespace: str) -> Manifest:
    container = {"name": "app", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app", "namespace": namespace},
        "spec": {
            "selector": {"matchLabels": {"app": "app"}},
            "template": {"metadata": {"labels": {"app": "app"}}, "spec": {"containers": [container]}},
        },
    }


def _node(number: int) -> Manifest:
    labels = {"topology.kubernetes.io/zone": f"zone-{number % 2}", "kubernetes.io/hostname": f"node-{number}"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{number}", "labels": labels},
        "spec": {},
        "status": {"allocatable": _NODE},
    }


EVALUATORS: Final[Mapping[str, Callable[[Question], object]]] = {
    "network policies: every connection": _connections,
    "network policies: what EKS enforces otherwise": _enforcement,
    "Pod Security: every object, restricted": _pod_security,
    "RBAC: who reads secrets, namespace by namespace": _rbac,
    "scheduling: a pod in every namespace": _scheduling,
    "IAM: every document": _iam,
}
"""What is asked, and who answers."""
