"""Bindings, roles and aggregation together; upstream's cases of TestAuthorizer among them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import pytest

from seatrial.errors import ConfigError
from seatrial.semantics import rbac
from seatrial.semantics.rbac import Request, Subject

API = "rbac.authorization.k8s.io"
Object: TypeAlias = Mapping[str, object]


def _rule(verbs: str, resources: str = "", groups: str = "*", paths: str = "") -> Object:
    fields = {"verbs": verbs, "resources": resources, "apiGroups": groups, "nonResourceURLs": paths}
    return {key: value.split(",") for key, value in fields.items() if value}


def _role(name: str, *rules: Object, namespace: str = "", **more: object) -> Object:
    kind = "Role" if namespace else "ClusterRole"
    metadata = {"name": name, "labels": more.pop("labels", {}), **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": f"{API}/v1", "kind": kind, "metadata": metadata, "rules": list(rules), **more}


def _binding(name: str, role: str, *subjects: str, namespace: str = "") -> Object:
    """Bind ``Role:r`` or ``ClusterRole:r`` to ``User:u``, ``Group:g`` or ``ServiceAccount:namespace:name``."""
    kind, _, target = role.partition(":")
    named: list[Object] = []
    for subject in subjects:
        of, *names = subject.split(":", 2 if subject.startswith("ServiceAccount:") else 1)
        named.append(
            {"kind": of, **dict(zip(("namespace", "name") if len(names) > 1 else ("name",), names, strict=True))}
        )
    return {
        "apiVersion": f"{API}/v1",
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {"name": name, **({"namespace": namespace} if namespace else {})},
        "roleRef": {"apiGroup": API, "kind": kind, "name": target},
        "subjects": named,
    }


def _allowed(objects: Sequence[Object], subject: Subject, request: Request) -> bool:
    return rbac.allowed(subject, request, rbac.read(objects, defaults=False)).is_allowed


def _as(name: str, groups: str = "") -> Subject:
    return Subject(name=name, groups=frozenset(groups.split(",")))


IN_NS1 = [
    _role("admin", _rule("*", "*", "*")),
    _binding("b", "ClusterRole:admin", "User:admin", "Group:admins", namespace="ns1"),
]


@pytest.mark.parametrize(
    ("subject", "verb", "resource", "namespace", "allowed"),
    [
        (_as("admin"), "get", "Pods", "ns1", True),
        (_as("admin", "group1"), "watch", "Foobar", "ns1", True),
        (_as("joe", "admins"), "watch", "Foobar", "ns1", True),
        (_as("joe", "group1,admins"), "watch", "Foobar", "ns1", True),
        (_as("joe", "group1"), "watch", "Foobar", "ns1", False),
        (_as("admin"), "GET", "Pods", "ns2", False),
        (_as("admin"), "GET", "Nodes", "", False),
        (_as("admin", "admins"), "GET", "Pods", "ns2", False),
        (_as("admin", "admins"), "GET", "Nodes", "", False),
    ],
)
def test_a_role_binding_counts_in_its_namespace(
    subject: Subject, verb: str, resource: str, namespace: str, allowed: bool
) -> None:
    assert _allowed(IN_NS1, subject, Request(verb=verb, resource=resource, namespace=namespace)) is allowed


PATHS = [
    _role("getter", _rule("get", paths="/apis", groups="")),
    _role("any", _rule("*", paths="/apis", groups="")),
    _role("prefix", _rule("get", paths="/apis/*", groups="")),
    _binding("a", "ClusterRole:getter", "User:foo", "Group:bar"),
    _binding("b", "ClusterRole:any", "User:admin", "Group:admin"),
    _binding("c", "ClusterRole:prefix", "User:prefixed", "Group:prefixed"),
]


@pytest.mark.parametrize(
    ("who", "verb", "path", "allowed"),
    [
        ("foo", "get", "/apis", True),
        ("admin", "get", "/apis", True),
        ("admin", "watch", "/apis", True),
        ("prefixed", "get", "/apis/v1", True),
        ("prefixed", "get", "/apis/v1/foobar", True),
        ("foo", "watch", "/apis", False),
        ("foo", "get", "/api/v1", False),
        ("admin", "get", "/api/v1", False),
        ("prefixed", "get", "/api/v1", False),
    ],
)
def test_paths_are_granted_to_users_and_groups(who: str, verb: str, path: str, allowed: bool) -> None:
    assert _allowed(PATHS, _as(who), Request(verb=verb, path=path)) is allowed
    assert _allowed(PATHS, _as("", who.replace("foo", "bar")), Request(verb=verb, path=path)) is allowed


def test_a_role_binding_grants_no_paths() -> None:
    objects = [PATHS[1], _binding("b", "ClusterRole:any", "User:ann", namespace="ns1")]

    assert not _allowed(objects, _as("ann"), Request(verb="get", path="/apis"))


@pytest.mark.parametrize(
    ("resources", "subresource", "allowed"),
    [("pods", "", True), ("pods", "status", False), ("pods/status", "status", True), ("pods/status", "", False)],
)
def test_subresources_are_bound_like_any(resources: str, subresource: str, allowed: bool) -> None:
    objects = [_role("admin", _rule("*", resources)), IN_NS1[1]]
    request = Request(verb="get", resource="pods", subresource=subresource, namespace="ns1")

    assert _allowed(objects, _as("admin"), request) is allowed


PODS = Request(verb="list", resource="pods", namespace="shop")


@pytest.mark.parametrize(
    ("objects", "allowed"),
    [
        pytest.param([_role("r", _rule("list", "pods"), namespace="shop")], True, id="a role of the namespace"),
        pytest.param([_role("r", _rule("list", "pods"), namespace="other")], False, id="one of another namespace"),
        pytest.param([_role("r", _rule("list", "pods"))], False, id="a cluster role of that name"),
        pytest.param([], False, id="no such role"),
        pytest.param([_role("r", _rule("list", "pods", "apps"), namespace="shop")], False, id="another API group"),
    ],
)
def test_a_role_is_found_by_kind_namespace_and_name(objects: list[Object], allowed: bool) -> None:
    assert _allowed([*objects, _binding("b", "Role:r", "User:ann", namespace="shop")], _as("ann"), PODS) is allowed


READER = _role("reader", _rule("list", "pods"))


@pytest.mark.parametrize(
    ("binding", "subject", "allowed"),
    [
        (_binding("b", "ClusterRole:reader", "ServiceAccount:shop:web"), rbac.service_account("shop", "web"), True),
        (_binding("b", "ClusterRole:reader", "ServiceAccount:shop:web"), rbac.service_account("shop", "db"), False),
        (_binding("b", "ClusterRole:reader", "ServiceAccount:shop:web"), rbac.service_account("x", "web"), False),
        (
            _binding("b", "ClusterRole:reader", "ServiceAccount:web", namespace="shop"),
            rbac.service_account("shop", "web"),
            True,
        ),
        (_binding("b", "ClusterRole:reader", "ServiceAccount:web"), rbac.service_account("shop", "web"), False),
        (
            _binding("b", "ClusterRole:reader", "Group:system:serviceaccounts"),
            rbac.service_account("shop", "web"),
            True,
        ),
        (
            _binding("b", "ClusterRole:reader", "Group:system:serviceaccounts:shop"),
            rbac.service_account("shop", "web"),
            True,
        ),
        (
            _binding("b", "ClusterRole:reader", "Group:system:serviceaccounts:shop"),
            rbac.service_account("x", "web"),
            False,
        ),
        (
            _binding("b", "ClusterRole:reader", "User:system:serviceaccount:shop:web"),
            rbac.service_account("shop", "web"),
            True,
        ),
        (_binding("b", "ClusterRole:reader", "Group:system:authenticated"), rbac.user("ann"), True),
        (_binding("b", "ClusterRole:reader", "Group:system:authenticated"), rbac.ANONYMOUS, False),
        (_binding("b", "ClusterRole:reader", "Group:system:unauthenticated"), rbac.ANONYMOUS, True),
        (_binding("b", "ClusterRole:reader", "User:ann"), rbac.user("ann"), True),
        (_binding("b", "ClusterRole:reader", "User:ann"), rbac.user("bob", "ann"), False),
        (_binding("b", "ClusterRole:reader"), rbac.user("ann"), False),
    ],
)
def test_subjects_are_users_groups_and_service_accounts(binding: Object, subject: Subject, allowed: bool) -> None:
    assert _allowed([READER, binding], subject, PODS) is allowed


@pytest.mark.parametrize("namespace", ["shop", "other", ""])
def test_a_cluster_role_binding_counts_everywhere(namespace: str) -> None:
    objects = [READER, _binding("b", "ClusterRole:reader", "User:ann")]

    assert _allowed(objects, _as("ann"), Request(verb="list", resource="pods", namespace=namespace))


def _aggregated(name: str, label: str, *rules: Object, **labels: str) -> Object:
    selector = {"clusterRoleSelectors": [{"matchLabels": {label: "true"}}]}
    return _role(name, *rules, labels=labels, aggregationRule=selector)


def test_aggregation_takes_over_rules_through_several_roles() -> None:
    objects = [
        _aggregated("outer", "to-outer"),
        _aggregated("inner", "to-inner", **{"to-outer": "true"}),
        _role("leaf", _rule("list", "pods"), labels={"to-inner": "true"}),
        _role("stranger", _rule("get", "pods"), labels={"to-inner": "false"}),
        _binding("b", "ClusterRole:outer", "User:ann"),
    ]

    assert _allowed(objects, _as("ann"), PODS)
    assert not _allowed(objects, _as("ann"), Request(verb="get", resource="pods", namespace="shop"))


def test_an_aggregated_roles_own_rules_are_overwritten() -> None:
    objects = [
        _aggregated("outer", "to-outer", _rule("*", "*")),
        _role("other", _rule("get", "nodes"), labels={"to-outer": "true"}),
        _binding("b", "ClusterRole:outer", "User:ann"),
    ]

    assert not _allowed(objects, _as("ann"), PODS)


def test_an_aggregated_role_that_finds_no_rules_keeps_its_own() -> None:
    objects = [
        _aggregated("outer", "to-outer", _rule("*", "*")),
        _role("other", labels={"to-outer": "true"}),
        _binding("b", "ClusterRole:outer", "User:ann"),
    ]

    assert _allowed(objects, _as("ann"), PODS)


def test_roles_that_aggregate_each_other_share_their_rules() -> None:
    objects = [
        _aggregated("a", "to-a", **{"to-b": "true"}),
        _aggregated("b", "to-b", **{"to-a": "true"}),
        _role("leaf", _rule("list", "pods"), labels={"to-a": "true"}),
        _binding("x", "ClusterRole:b", "User:ann"),
    ]

    assert _allowed(objects, _as("ann"), PODS)


def test_expressions_select_roles_too() -> None:
    selector = {
        "clusterRoleSelectors": [{"matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}]}]
    }
    objects = [
        _role("outer", aggregationRule=selector),
        _role("leaf", _rule("list", "pods"), labels={"tier": "b"}),
        _role("no-cluster-role", _rule("get", "pods"), labels={"tier": "a"}, namespace="shop"),
        _binding("x", "ClusterRole:outer", "User:ann"),
    ]

    assert _allowed(objects, _as("ann"), PODS)
    assert not _allowed(objects, _as("ann"), Request(verb="get", resource="pods", namespace="shop"))


def test_an_answer_names_every_binding_that_allows() -> None:
    objects = [
        READER,
        _binding("z", "ClusterRole:reader", "User:ann"),
        _binding("b", "ClusterRole:reader", "Group:g", namespace="shop"),
        _binding("c", "ClusterRole:reader", "User:bob"),
    ]

    found = rbac.allowed(_as("ann", "g"), PODS, rbac.read(objects, defaults=False))

    assert [str(grant) for grant in found.grants] == [
        "ClusterRoleBinding/z gives User ann ClusterRole/reader: list of pods.*",
        "RoleBinding/shop/b gives Group g ClusterRole/reader: list of pods.*",
    ]


def test_who_can_names_everybody() -> None:
    objects = [
        READER,
        _binding("a", "ClusterRole:reader", "User:zoe", "ServiceAccount:shop:web"),
        _binding("b", "ClusterRole:reader", "Group:g", "User:ann", namespace="shop"),
        _binding("c", "ClusterRole:reader", "User:bob", namespace="other"),
    ]

    found = rbac.who_can(PODS, rbac.read(objects, defaults=False))

    assert [str(grant.holder) for grant in found] == [
        "Group g",
        "Group system:masters",
        "User ann",
        "User system:serviceaccount:shop:web",
        "User zoe",
    ]


def test_masters_may_do_anything_whatever_the_roles_say() -> None:
    root = rbac.user("root", "system:masters")

    for request in (PODS, Request(verb="delete", path="/anything")):
        found = rbac.allowed(root, request, rbac.read(defaults=False))
        assert [(grant.binding, grant.role) for grant in found.grants] == [("the API server", "everything")]


def test_a_later_object_takes_an_earlier_ones_place() -> None:
    objects = [READER, _role("reader"), _binding("b", "ClusterRole:reader", "User:ann")]

    assert not _allowed(objects, _as("ann"), PODS)


def test_an_object_without_namespace_is_in_default() -> None:
    binding = {**_binding("b", "ClusterRole:reader", "User:ann"), "kind": "RoleBinding"}

    assert _allowed([READER, binding], _as("ann"), Request(verb="list", resource="pods", namespace="default"))
    assert not _allowed([READER, binding], _as("ann"), PODS)


@pytest.mark.parametrize(
    "value",
    [{"apiVersion": "v1", "kind": "Role"}, {"apiVersion": "v1", "kind": "Pod"}, {"kind": "ClusterRole"}, {}],
)
def test_other_objects_are_left_aside(value: Object) -> None:
    assert not _allowed([value], _as("ann"), PODS)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({**READER, "rules": "x"}, "ClusterRole/reader: rules"),
        ({**READER, "metadata": None}, "ClusterRole: metadata.name"),
        (_role("r", {"verbs": "get"}), "ClusterRole/r: rules[0].verbs"),
        (_role("r", aggregationRule="x"), "ClusterRole/r: aggregationRule"),
        (_binding("b", "Role:r", "User:a"), "ClusterRoleBinding/b: roleRef.kind"),
        (_binding("b", ":r", "User:a", namespace="shop"), "RoleBinding/shop/b: roleRef.kind"),
        (_binding("b", "ClusterRole:", "User:a"), "ClusterRoleBinding/b: roleRef.name"),
        ({**_binding("b", "Role:r"), "roleRef": None}, "ClusterRoleBinding/b: roleRef"),
        (_binding("b", "ClusterRole:r", "Robot:a"), "ClusterRoleBinding/b: subjects[0].kind"),
        ({**_role("r", namespace="shop"), "metadata": None}, "Role: metadata.name"),
    ],
)
def test_a_wrong_object_is_refused(value: Object, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rbac.read([value])

    assert [fault.path for fault in caught.value.faults] == [path]
