"""What the people of a team may do in their namespace.

Left out on purpose, for each would be more than it seems:

- secrets: who reads them has what every pod has; workloads get theirs from AWS, by their role;
- ``pods/exec``, ``pods/attach``, ``pods/portforward``, ephemeral containers: a way into running containers that no
  policy of the network sees;
- roles, bindings, service accounts and their tokens: a way to more;
- network policies, quotas, limits: the platform's own;
- DaemonSets: a pod on every node, whatever the team's share is.
"""

from collections.abc import Iterable

from seatrial.config import Access
from seatrial.manifests.manifest import Manifest, manifest

_NAME = "team"
_READ = ("get", "list", "watch")
_WRITE = ("create", "delete", "patch", "update")

_WORKLOADS = {
    "": ("configmaps", "persistentvolumeclaims", "services"),
    "apps": ("deployments", "statefulsets"),
    "autoscaling": ("horizontalpodautoscalers",),
    "batch": ("cronjobs", "jobs"),
    "networking.k8s.io": ("ingresses",),
    "policy": ("poddisruptionbudgets",),
}
"""API group to what a team makes in it."""

_SCALE = ("deployments/scale", "statefulsets/scale")

_SEEN = {
    "": (
        "events",
        "limitranges",
        "persistentvolumeclaims/status",
        "pods",
        "pods/log",
        "pods/status",
        "resourcequotas",
        "serviceaccounts",
    ),
    "apps": ("controllerrevisions", "daemonsets", "replicasets"),
    "discovery.k8s.io": ("endpointslices",),
    "events.k8s.io": ("events",),
    "metrics.k8s.io": ("pods",),
    "networking.k8s.io": ("networkpolicies",),
}
"""API group to what others make and a team sees."""


def objects(namespace: str, access: Access, group: str) -> list[Manifest]:
    """Make the role and its binding to a group, which access entries put people into."""
    role = manifest("rbac.authorization.k8s.io/v1", "Role", _NAME, namespace=namespace, rules=_rules(access))
    binding = manifest(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        _NAME,
        namespace=namespace,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": _NAME},
        subjects=[{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
    )
    return [role, binding]


def _rules(access: Access) -> list[dict[str, list[str]]]:
    writes = access is Access.READ_WRITE
    made = [_rule(group, names, (*_READ, *_WRITE) if writes else _READ) for group, names in _WORKLOADS.items()]
    seen = [_rule(group, names, _READ) for group, names in _SEEN.items()]
    extra = [_rule("apps", _SCALE, ("get", "patch", "update")), _rule("", ("pods",), ("delete",))]
    return [*made, *seen, *(extra if writes else [])]


def _rule(group: str, resources: Iterable[str], verbs: Iterable[str]) -> dict[str, list[str]]:
    return {"apiGroups": [group], "resources": sorted(resources), "verbs": sorted(verbs)}
