"""The roles for users that every API server makes, and EKS's access policies, which follow them."""

import pytest

from seatrial.errors import UsageError
from seatrial.semantics import rbac
from seatrial.semantics.rbac import AccessEntry, Association, EntryKind, Request, access_entries

API = "rbac.authorization.k8s.io"
ROLE_ARN = "arn:aws:iam::111122223333:role/teams/shop"
READ = ("get", "list", "watch")

QUESTIONS = {
    "read pods": Request(verb="list", resource="pods", namespace="shop"),
    "read logs": Request(verb="get", resource="pods", subresource="log", namespace="shop"),
    "read secrets": Request(verb="get", resource="secrets", namespace="shop"),
    "delete pods": Request(verb="delete", resource="pods", namespace="shop"),
    "enter pods": Request(verb="create", resource="pods", subresource="exec", namespace="shop"),
    "scale": Request(verb="update", group="apps", resource="deployments", subresource="scale", namespace="shop"),
    "bind roles": Request(verb="create", group=API, resource="rolebindings", namespace="shop"),
    "read nodes": Request(verb="list", resource="nodes"),
    "delete nodes": Request(verb="delete", resource="nodes"),
    "read metrics": Request(verb="get", path="/metrics"),
}
VIEW = {"read pods", "read logs"}
EDIT = VIEW | {"read secrets", "delete pods", "enter pods", "scale"}
ADMIN = EDIT | {"bind roles"}
LOOK = {"read pods", "read logs", "read secrets", "read nodes"}


def _binding(role: str) -> dict[str, object]:
    return {
        "apiVersion": f"{API}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "b"},
        "roleRef": {"kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "User", "name": "ann"}],
    }


def _allowed(subject: rbac.Subject, objects: rbac.Authorizations) -> set[str]:
    return {name for name, request in QUESTIONS.items() if rbac.allowed(subject, request, objects).is_allowed}


@pytest.mark.parametrize(
    ("role", "allowed"), [("view", VIEW), ("edit", EDIT), ("admin", ADMIN), ("cluster-admin", set(QUESTIONS))]
)
def test_the_default_roles_build_on_each_other(role: str, allowed: set[str]) -> None:
    assert _allowed(rbac.user("ann"), rbac.read([_binding(role)])) == allowed


def test_a_role_with_the_label_joins_the_default_ones() -> None:
    role = {
        "apiVersion": f"{API}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "widgets", "labels": {f"{API.replace('rbac', 'rbac')}/aggregate-to-view": "true"}},
        "rules": [{"verbs": ["get"], "apiGroups": ["shop.example"], "resources": ["widgets"]}],
    }
    request = Request(verb="get", group="shop.example", resource="widgets", namespace="shop")

    for name in ("view", "edit", "admin"):
        assert rbac.allowed(rbac.user("ann"), request, rbac.read([role, _binding(name)])).is_allowed
        assert not rbac.allowed(rbac.user("ann"), request, rbac.read([_binding(name)])).is_allowed


@pytest.mark.parametrize(
    ("subject", "path", "allowed"),
    [
        (rbac.user("ann"), "/api/v1", True),
        (rbac.user("ann"), "/version", True),
        (rbac.ANONYMOUS, "/version", True),
        (rbac.ANONYMOUS, "/api/v1", False),
        (rbac.service_account("a", "b"), "/openid/v1/jwks", True),
        (rbac.user("ann"), "/openid/v1/jwks", False),
    ],
)
def test_everybody_may_discover_the_api(subject: rbac.Subject, path: str, allowed: bool) -> None:
    assert rbac.allowed(subject, Request(verb="get", path=path), rbac.read()).is_allowed is allowed


def test_everybody_may_ask_what_they_may_do() -> None:
    request = Request(verb="create", group="authorization.k8s.io", resource="selfsubjectaccessreviews")

    assert rbac.allowed(rbac.user("ann"), request, rbac.read()).is_allowed
    assert not rbac.allowed(rbac.user("ann"), request, rbac.read(defaults=False)).is_allowed


POLICIES = [
    ("AmazonEKSViewPolicy", VIEW),
    ("AmazonEKSEditPolicy", EDIT),
    ("AmazonEKSAdminPolicy", ADMIN),
    ("AmazonEKSAdminViewPolicy", LOOK),
    ("AmazonEKSClusterAdminPolicy", set(QUESTIONS)),
]


@pytest.mark.parametrize(("policy", "allowed"), POLICIES)
def test_an_access_policy_allows_what_eks_lists(policy: str, allowed: set[str]) -> None:
    entry = AccessEntry(
        principal_arn=ROLE_ARN, associations=(Association(f"arn:aws:eks::aws:cluster-access-policy/{policy}"),)
    )

    assert _allowed(access_entries.subject(entry), rbac.read(entries=[entry])) == allowed


@pytest.mark.parametrize(("namespaces", "reached"), [(("shop",), True), (("sh*", "x"), True), (("shops", "x"), False)])
def test_an_access_policy_may_be_for_namespaces_only(namespaces: tuple[str, ...], reached: bool) -> None:
    entry = AccessEntry(principal_arn=ROLE_ARN, associations=(Association("AmazonEKSClusterAdminPolicy", namespaces),))
    in_namespace = {name for name, request in QUESTIONS.items() if request.namespace}

    assert _allowed(access_entries.subject(entry), rbac.read(entries=[entry])) == (in_namespace if reached else set())


def test_the_policies_of_an_entry_add_up() -> None:
    entry = AccessEntry(
        principal_arn=ROLE_ARN,
        associations=(Association("AmazonEKSViewPolicy"), Association("AmazonEKSEditPolicy", ("dev-*",))),
    )
    objects, subject = rbac.read(entries=[entry]), access_entries.subject(entry)
    delete = {name: Request(verb="delete", resource="pods", namespace=name) for name in ("dev-a", "prod")}

    assert rbac.allowed(subject, QUESTIONS["read pods"], objects).is_allowed
    assert {name for name, asked in delete.items() if rbac.allowed(subject, asked, objects).is_allowed} == {"dev-a"}


def test_who_impersonates_loses_the_access_policies() -> None:
    entry = AccessEntry(principal_arn=ROLE_ARN, associations=(Association("AmazonEKSClusterAdminPolicy"),))
    known = access_entries.subject(entry)

    assert not _allowed(rbac.user(known.name), rbac.read(entries=[entry]))


def test_the_access_policy_is_named_in_the_answer() -> None:
    entry = AccessEntry(principal_arn=ROLE_ARN, associations=(Association("AmazonEKSViewPolicy"),))
    found = rbac.who_can(QUESTIONS["read pods"], rbac.read(entries=[entry]))

    assert [(str(each.holder), each.binding, each.role) for each in found if each.holder.name == ROLE_ARN] == [
        (f"IAM principal {ROLE_ARN}", "the access entry", "AccessPolicy/AmazonEKSViewPolicy")
    ]


def test_the_groups_of_an_entry_have_the_roles_bound_to_them() -> None:
    binding = {**_binding("view"), "subjects": [{"kind": "Group", "name": "viewers"}]}
    entry = AccessEntry(principal_arn=ROLE_ARN, groups=("viewers",))

    assert _allowed(access_entries.subject(entry), rbac.read([binding], entries=[entry])) == VIEW


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        (AccessEntry(principal_arn=ROLE_ARN), "arn:aws:sts::111122223333:assumed-role/shop/ann-example.com"),
        (AccessEntry(principal_arn="arn:aws:iam::111122223333:user/ann"), "arn:aws:iam::111122223333:user/ann"),
        (AccessEntry(principal_arn=ROLE_ARN, user_name="shop:{{SessionName}}"), "shop:ann-example.com"),
        (AccessEntry(principal_arn=ROLE_ARN, user_name="shop:{{SessionNameRaw}}"), "shop:ann@example.com"),
        (AccessEntry(principal_arn=ROLE_ARN, user_name="shop"), "shop"),
        (AccessEntry(principal_arn=ROLE_ARN, kind=EntryKind.EC2_LINUX), "system:node:ann-example.com"),
        (AccessEntry(principal_arn=ROLE_ARN, kind=EntryKind.FARGATE_LINUX), "system:node:ann-example.com"),
    ],
)
def test_a_principal_has_the_user_name_that_eks_gives_it(entry: AccessEntry, name: str) -> None:
    assert access_entries.subject(entry, "ann@example.com").name == name


def test_nodes_are_in_the_group_of_nodes_whatever_the_entry_says() -> None:
    entry = AccessEntry(principal_arn=ROLE_ARN, kind=EntryKind.EC2_LINUX, groups=("viewers",))

    assert access_entries.subject(entry).groups == {"system:nodes", "system:authenticated"}


@pytest.mark.parametrize(
    ("policy", "tip"), [("AmazonEKSViewPolice", "near it: AmazonEKSViewPolicy"), ("X", "known are: ")]
)
def test_an_unknown_access_policy_is_named(policy: str, tip: str) -> None:
    with pytest.raises(UsageError, match="are not known") as caught:
        rbac.read(entries=[AccessEntry(principal_arn=ROLE_ARN, associations=(Association(policy),))])

    assert caught.value.tip.startswith(tip)


@pytest.mark.parametrize(
    ("policy", "role"), [(f"AmazonEKS{role.title()}Policy", role) for role in ("view", "edit", "admin")]
)
def test_an_access_policy_never_allows_more_than_the_role_that_it_follows(policy: str, role: str) -> None:
    objects = rbac.read([_binding(role)])
    rules = access_entries.policy_rules(policy)
    asked = [
        Request(
            verb=verb, group=group, resource=full.partition("/")[0], subresource=full.partition("/")[2], namespace="n"
        )
        for rule in rules
        for verb in rule.verbs
        for group in rule.groups
        for full in rule.resources
    ]

    assert len(asked) > 100
    assert all(rbac.allowed(rbac.user("ann"), request, objects).is_allowed for request in asked)
