"""The API server's own authorizer answers generated requests about generated roles; the evaluator says the same."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any, Final, cast

import pytest

from seatrial.rehearsal.account.eks import policy_groups
from seatrial.rehearsal.account.eks.content import access
from seatrial.rehearsal.kubernetes_api import Cluster
from seatrial.semantics import rbac
from seatrial.semantics.rbac import (
    AccessEntry,
    Association,
    Authorizations,
    Request,
    Subject,
    access_entries,
    default_roles,
)

pytestmark = pytest.mark.rehearsal

Object = dict[str, Any]
Asked = tuple[Subject, Request]

GROUP: Final = "rbac.authorization.k8s.io"
API: Final = f"{GROUP}/v1"
WORLDS: Final = 30
REQUESTS: Final = 100
PATIENCE: Final = 60.0
QUIET: Final = 1.5

LAST: Final[Object] = {
    "apiVersion": API,
    "kind": "ClusterRole",
    "metadata": {"name": "last"},
    "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {f"{GROUP}/aggregate-to-view": "true"}}]},
}
"""A role that is made after the others, and has no rules before it is aggregated."""


def answer(cluster: Cluster, subject: Subject, request: Request) -> bool:
    """Ask the API server's authorizer."""
    spec = {"user": subject.name, "groups": sorted(subject.groups), **asked(request)}
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
    return cluster.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)["status"]["allowed"]


def asked(request: Request) -> Object:
    if request.path:
        return {"nonResourceAttributes": {"verb": request.verb, "path": request.path}}
    fields = ("verb", "group", "resource", "subresource", "namespace", "name")
    return {"resourceAttributes": {field: getattr(request, field) for field in fields}}


def compared(cluster: Cluster, objects: Authorizations, questions: Iterable[Asked]) -> Counter[bool]:
    """Compare every answer; count them."""
    outcomes: Counter[bool] = Counter()
    for subject, request in questions:
        said = answer(cluster, subject, request)
        found = rbac.allowed(subject, request, objects)
        assert found.is_allowed is said, f"the API server says {said} to {subject}: {request}; found {found.grants}"
        outcomes[said] += 1
    return outcomes


def settle(cluster: Cluster) -> None:
    """Wait until the controller has nothing more to aggregate, and the authorizer has seen it."""
    cluster.apply(LAST, "test")
    deadline = time.monotonic() + PATIENCE
    before: object = None
    while True:
        roles = {role["metadata"]["name"]: role for role in cluster.list(API, "ClusterRole")}
        now = {name: role["metadata"]["resourceVersion"] for name, role in roles.items()}
        if now == before and roles["last"].get("rules"):
            return
        assert time.monotonic() < deadline, "roles are still being aggregated"
        before = now
        time.sleep(QUIET)


# Generated roles and requests, all of them such that the API takes them.


class Dice:
    """Makes the roles and bindings of two namespaces and some people by chance, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (no secret)
        self._seed = seed
        self.namespaces = [f"a{seed}", f"b{seed}"]
        self._names = [f"r{seed}-{index}" for index in range(4)]

    def objects(self) -> Iterator[Object]:
        one = self._random
        yield from (self._cluster_role(name) for name in self._names)
        yield from (self._aggregated(f"all{self._seed}-{index}", is_taken=index == 0) for index in range(2))
        for namespace in self.namespaces:
            yield from (self._role(name, namespace) for name in one.sample(self._names, 2))
        for index in range(one.randint(5, 9)):
            yield self._binding(f"b{self._seed}-{index}")

    def questions(self) -> Iterator[Asked]:
        for _ in range(REQUESTS):
            yield self._subject(), self._request()

    def _object(self, kind: str, name: str, namespace: str = "", **more: Any) -> Object:
        place = {"namespace": namespace} if namespace else {}
        metadata = {"name": name, "labels": {"world": str(self._seed), **self._labels()}, **place}
        return {"apiVersion": API, "kind": kind, "metadata": metadata, **more}

    def _labels(self) -> dict[str, str]:
        one = self._random
        labels = {key: one.choice("12") for key in "xy" if one.random() < 0.5}
        if one.random() < 0.05:
            labels[f"{GROUP}/aggregate-to-{one.choice(['view', 'edit', 'admin'])}"] = "true"
        return labels

    def _cluster_role(self, name: str) -> Object:
        paths = [self._paths() for _ in range(self._random.randint(0, 1))]
        return self._object("ClusterRole", name, rules=[*self._rules(), *paths])

    def _role(self, name: str, namespace: str) -> Object:
        return self._object("Role", name, namespace, rules=self._rules())

    def _aggregated(self, name: str, *, is_taken: bool) -> Object:
        selectors = [self._selector() for _ in range(self._random.randint(1, 2))]
        aggregation = {"clusterRoleSelectors": selectors}
        role = self._object("ClusterRole", name, aggregationRule=aggregation, rules=self._rules())
        # Two that take each other over would be aggregated for ever.
        return role if is_taken else {**role, "metadata": {"name": name}}

    def _selector(self) -> Object:
        one = self._random
        expressions: list[Object] = [
            {"key": "x", "operator": "In", "values": ["1"]},
            {"key": "x", "operator": "NotIn", "values": ["1"]},
            {"key": "y", "operator": "Exists"},
            {"key": "y", "operator": "DoesNotExist"},
        ]
        labels = {"world": str(self._seed), **({"x": one.choice("12")} if one.random() < 0.4 else {})}
        return {"matchLabels": labels, "matchExpressions": one.sample(expressions, one.randint(0, 2))}

    def _rules(self) -> list[Object]:
        return [self._rule() for _ in range(self._random.randint(0, 3))]

    def _rule(self) -> Object:
        one = self._random
        named = {"resourceNames": one.sample(["one", "two", "*"], one.randint(1, 2))} if one.random() < 0.3 else {}
        resources = ["pods", "pods/log", "pods/*", "*/scale", "*/*", "*", "deployments", "deployments/scale", "nodes"]
        return {
            "verbs": self._some(["get", "list", "update", "create", "*"]),
            "apiGroups": self._some(["", "apps", "*", "shop.example"]),
            "resources": self._some(resources),
            **named,
        }

    def _paths(self) -> Object:
        known = ["/metrics", "/metrics/*", "/logs*", "*", "/a/*/b", "/healthz", "/logs/**"]
        return {"verbs": self._some(["get", "post", "*"]), "nonResourceURLs": self._some(known)}

    def _some(self, known: list[str]) -> list[str]:
        return self._random.sample(known, self._random.choice([1, 1, 2]))

    def _binding(self, name: str) -> Object:
        one = self._random
        kind = one.choice(["RoleBinding", "RoleBinding", "ClusterRoleBinding"])
        roles = [*self._names, f"all{self._seed}-0", f"all{self._seed}-1"]
        wanted = one.choice([*roles, *roles, "view", "admin", "nobody-made-it"])
        of_namespace = kind == "RoleBinding" and wanted in self._names and one.random() < 0.5
        role = {"apiGroup": GROUP, "kind": "Role" if of_namespace else "ClusterRole", "name": wanted}
        namespace = one.choice(self.namespaces) if kind == "RoleBinding" else ""
        subjects = [self._bound() for _ in range(one.choice([0, 1, 2, 3, 3]))]
        return self._object(kind, name, namespace, roleRef=role, subjects=subjects)

    def _bound(self) -> Object:
        one, (first, second) = self._random, self.namespaces
        return one.choice(
            [
                {"kind": "User", "name": f"ann{self._seed}", "apiGroup": GROUP},
                {"kind": "User", "name": f"system:serviceaccount:{second}:web", "apiGroup": GROUP},
                {"kind": "Group", "name": f"team{self._seed}", "apiGroup": GROUP},
                {"kind": "Group", "name": f"system:serviceaccounts:{first}", "apiGroup": GROUP},
                {"kind": "ServiceAccount", "name": "web", "namespace": first},
                {"kind": "ServiceAccount", "name": "web", "namespace": second},
            ]
        )

    def _subject(self) -> Subject:
        one, (first, second) = self._random, self.namespaces
        return one.choice(
            [
                rbac.user(f"ann{self._seed}"),
                rbac.user(f"ann{self._seed}", f"team{self._seed}"),
                rbac.user(f"bob{self._seed}", f"team{self._seed}"),
                rbac.service_account(first, "web"),
                rbac.service_account(first, "other"),
                rbac.service_account(second, "web"),
                rbac.ANONYMOUS if one.random() < 0.3 else rbac.user(f"eve{self._seed}"),
                rbac.user("root", "system:masters") if one.random() < 0.1 else rbac.user(f"ann{self._seed}"),
            ]
        )

    def _request(self) -> Request:
        one = self._random
        if one.random() < 0.2:
            paths = [
                "/metrics",
                "/metrics/",
                "/metrics/a",
                "/logs",
                "/logs/a",
                "/logsa",
                "/a/x/b",
                "/healthz",
                "/version",
            ]
            return Request(verb=one.choice(["get", "post", "*"]), path=one.choice([*paths, "/api", "*"]))
        return Request(
            verb=one.choice(["get", "list", "update", "create", "delete", "*"]),
            group=one.choice(["", "", "apps", "shop.example", "*"]),
            resource=one.choice(["pods", "pods", "deployments", "nodes", "widgets", "*"]),
            subresource=one.choice(["", "", "", "log", "scale", "status", "*"]),
            namespace=one.choice([*self.namespaces, *self.namespaces, ""]),
            name=one.choice(["", "one", "two", "three", "*"]),
        )


def made(cluster: Cluster, objects: Iterable[Object]) -> list[Object]:
    created: list[Object] = []
    for value in objects:
        cluster.create(value)
        created.append(value)
    return created


def _namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def test_every_generated_request_is_answered_alike(cluster: Cluster) -> None:
    worlds = [Dice(seed) for seed in range(WORLDS)]
    made(cluster, (_namespace(name) for world in worlds for name in world.namespaces))
    objects = made(cluster, (value for world in worlds for value in world.objects()))
    settle(cluster)

    authorizations = rbac.read(objects)
    outcomes = compared(cluster, authorizations, (each for world in worlds for each in world.questions()))

    print(f"{len(objects)} objects, {dict(outcomes)}")  # noqa: T201 (what was compared)
    assert min(outcomes.values()) > WORLDS * REQUESTS / 10


# The default roles, and EKS's access policies as the emulated account puts them into the cluster.


def _of_any_order(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _of_any_order(each) for key, each in cast("Object", value).items()}
    if isinstance(value, list):
        return sorted((_of_any_order(each) for each in cast("list[Any]", value)), key=_as_text)
    return value


def _as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def test_the_default_roles_are_those_of_the_api_server(cluster: Cluster) -> None:
    for value in default_roles.objects():
        theirs = cluster.get(value) or {}
        for key in {"aggregationRule", "roleRef", "rules", "subjects"} & value.keys():
            assert _of_any_order(theirs.get(key)) == _of_any_order(value[key]), f"{value['metadata']}: {key}"


ENTRY: Final = "arn:aws:iam::111122223333:role/team"
SCOPES: Final = [(), ("shop",), ("shop-*",), ("shop", "b*")]
PLACES: Final = ("", "shop", "shop-a", "bank", "other")


def _policies() -> list[str]:
    file = resources.files("seatrial.semantics.rbac").joinpath("access_policies.json")
    return list(json.loads(file.read_text(encoding="utf-8"))["policies"])


def _entries() -> list[tuple[AccessEntry, Object]]:
    """Every access policy in every scope: as the evaluator has an entry, and as the emulated account keeps it."""
    found: list[tuple[AccessEntry, Object]] = []
    for policy in _policies():
        for scope in SCOPES:
            arn = f"{ENTRY}-{len(found)}"
            place = {"type": "namespace" if scope else "cluster", "namespaces": [*scope]}
            kept = {f"arn:aws:eks::aws:cluster-access-policy/{policy}": {"accessScope": place}}
            entry = AccessEntry(principal_arn=arn, associations=(Association(policy, scope or None),))
            found.append((entry, {"principalArn": arn, "_policies": kept}))
    return found


def _any_request(one: random.Random) -> Request:
    verbs = ["get", "list", "create", "delete", "update"]
    known = [("", "pods", "log"), ("", "pods", ""), ("", "secrets", ""), ("", "nodes", ""), ("apps", "deployments", "")]
    known += [
        (GROUP, "roles", ""),
        ("apps", "deployments", "scale"),
        ("", "namespaces", ""),
        ("metrics.k8s.io", "pods", ""),
    ]
    group, resource, subresource = one.choice(known)
    place = one.choice(PLACES)
    return Request(verb=one.choice(verbs), group=group, resource=resource, subresource=subresource, namespace=place)


def test_access_policies_give_what_the_evaluator_says(cluster: Cluster) -> None:
    made(cluster, (_namespace(name) for name in PLACES if name))
    entries = _entries()
    made(cluster, access.objects([record for _, record in entries], [name for name in PLACES if name]))
    settle(cluster)
    objects = rbac.read(entries=[entry for entry, _ in entries])
    one = random.Random(1)  # noqa: S311 (no secret)
    outcomes: Counter[bool] = Counter()

    for entry, record in entries:
        subject = access_entries.subject(entry)
        # On AWS the policies are asked for the principal; here for the groups that stand for them.
        groups = subject.groups | {*policy_groups.of_entry(record)}
        for request in (_any_request(one) for _ in range(20)):
            said = answer(cluster, Subject(name=subject.name, groups=groups), request)
            assert rbac.allowed(subject, request, objects).is_allowed is said, f"{entry}: {request}"
            outcomes[said] += 1

    print(f"access policies: {dict(outcomes)}")  # noqa: T201 (what was compared)
    assert min(outcomes.values()) > 50
