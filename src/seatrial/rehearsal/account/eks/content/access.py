"""RBAC for access policies: on AWS an authorizer beside RBAC, here ClusterRoles with the rules that AWS documents.

The rules are those by which ``seatrial explain`` decides, so both say the same.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from seatrial.rehearsal.account.eks import policy_groups
from seatrial.rehearsal.account.eks.policy_groups import Grant
from seatrial.rehearsal.account.emulator import Record

_GROUP = "rbac.authorization.k8s.io"
_VERSION = f"{_GROUP}/v1"


def objects(entries: Iterable[Record], namespaces: Iterable[str]) -> Iterator[Record]:
    """Give the roles and bindings for the policies of access entries.

    What counts in namespaces is bound in each of those that there are, and in others when they come.
    """
    known = sorted(namespaces)
    grants = sorted({grant for entry in entries for grant in policy_groups.grants(entry) if grant[0] in _rules()})
    for policy in sorted({policy for policy, _ in grants}):
        yield _role(policy)
    for policy, pattern in grants:
        if not pattern:
            yield _binding("ClusterRoleBinding", policy_groups.group((policy, "")), (policy, pattern))
        for namespace in known:
            if pattern and fnmatchcase(namespace, pattern):
                yield _in_namespace((policy, pattern), namespace)


@cache
def _rules() -> dict[str, list[Record]]:
    file = resources.files("seatrial.semantics.rbac").joinpath("access_policies.json")
    return json.loads(file.read_text(encoding="utf-8"))["policies"]


def _role(policy: str) -> Record:
    name = policy_groups.group((policy, ""))
    return {"apiVersion": _VERSION, "kind": "ClusterRole", "metadata": {"name": name}, "rules": _rules()[policy]}


def _binding(kind: str, name: str, grant: Grant) -> Record:
    role = policy_groups.group((grant[0], ""))
    return {
        "apiVersion": _VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "roleRef": {"apiGroup": _GROUP, "kind": "ClusterRole", "name": role},
        "subjects": [{"apiGroup": _GROUP, "kind": "Group", "name": policy_groups.group(grant)}],
    }


def _in_namespace(grant: Grant, namespace: str) -> Record:
    # Two patterns may match the same namespace: each has a binding of its own.
    name = f"{policy_groups.group((grant[0], ''))}:{hashlib.sha256(grant[1].encode()).hexdigest()[:8]}"
    binding = _binding("RoleBinding", name, grant)
    return {**binding, "metadata": {"name": name, "namespace": namespace}}
