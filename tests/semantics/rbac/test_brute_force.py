"""Decisions against a second reading that knows no index: it tries every binding with every rule for every subject."""

from typing import Any, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial.semantics import rbac
from seatrial.semantics.rbac import Request, Subject

Object: TypeAlias = dict[str, Any]
API = "rbac.authorization.k8s.io/v1"

RULES = st.fixed_dictionaries(
    {"verbs": st.lists(st.sampled_from(["get", "list", "*"]), min_size=1, max_size=2)},
    optional={
        "apiGroups": st.lists(st.sampled_from(["", "apps", "*"]), max_size=2),
        "resources": st.lists(st.sampled_from(["pods", "pods/log", "*/log", "nodes", "*"]), max_size=2),
        "resourceNames": st.lists(st.sampled_from("ab"), max_size=1),
        "nonResourceURLs": st.lists(st.sampled_from(["/a", "/a/*", "*"]), max_size=1),
    },
)
LABELS = st.fixed_dictionaries({}, optional={"x": st.sampled_from("12"), "y": st.just("1")})
SELECTORS = st.lists(
    st.fixed_dictionaries({"matchLabels": st.fixed_dictionaries({}, optional={"x": st.just("1"), "y": st.just("1")})}),
    max_size=2,
)
NAMES = st.sampled_from("rst")
NAMESPACES = st.sampled_from(["m", "n"])
SUBJECTS = st.sampled_from(
    [
        {"kind": "User", "name": "ann"},
        {"kind": "User", "name": "system:serviceaccount:m:web"},
        {"kind": "Group", "name": "g"},
        {"kind": "Group", "name": "system:serviceaccounts:m"},
        {"kind": "ServiceAccount", "name": "web", "namespace": "n"},
        {"kind": "ServiceAccount", "name": "web"},
    ]
)


@st.composite
def _role(draw: st.DrawFn) -> Object:
    namespace = draw(st.none() | NAMESPACES)
    metadata = {"name": draw(NAMES), "labels": draw(LABELS), **({"namespace": namespace} if namespace else {})}
    kind = "Role" if namespace else "ClusterRole"
    role: Object = {"apiVersion": API, "kind": kind, "metadata": metadata, "rules": draw(st.lists(RULES, max_size=2))}
    if not namespace and draw(st.integers(0, 2)) == 0:
        # Rules of its own would count only where it finds none.
        role |= {"aggregationRule": {"clusterRoleSelectors": draw(SELECTORS)}, "rules": []}
    return role


@st.composite
def _binding(draw: st.DrawFn) -> Object:
    namespace = draw(st.none() | NAMESPACES)
    kind = draw(st.sampled_from(["Role", "ClusterRole"])) if namespace else "ClusterRole"
    return {
        "apiVersion": API,
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {"name": draw(NAMES), **({"namespace": namespace} if namespace else {})},
        "roleRef": {"kind": kind, "name": draw(NAMES)},
        "subjects": draw(st.lists(SUBJECTS, max_size=3)),
    }


OBJECTS = st.lists(_role() | _binding(), max_size=8)
WHO = st.sampled_from(
    [rbac.user("ann"), rbac.user("bob", "g"), rbac.service_account("m", "web"), rbac.service_account("n", "web")]
)
REQUESTS = st.builds(
    Request,
    verb=st.sampled_from(["get", "list", "delete"]),
    group=st.sampled_from(["", "apps"]),
    resource=st.sampled_from(["pods", "nodes"]),
    subresource=st.sampled_from(["", "log"]),
    namespace=st.sampled_from(["", "m", "n"]),
    name=st.sampled_from(["", "a", "b"]),
) | st.builds(Request, verb=st.sampled_from(["get", "list"]), path=st.sampled_from(["/a", "/a/b", "/b"]))


def _latest(objects: list[Object]) -> list[Object]:
    found: dict[tuple[str, str, str], Object] = {}
    for value in objects:
        metadata = value["metadata"]
        found[value["kind"], metadata.get("namespace", ""), metadata["name"]] = value
    return list(found.values())


def _settled(objects: list[Object]) -> list[Object]:
    """Aggregate as the controller does: role by role, until nothing changes any more."""
    roles: list[Object] = [{**value} for value in objects if "rules" in value]
    changed = True
    while changed:
        changed = False
        for role in roles:
            rules = _collected(role, roles)
            if "aggregationRule" in role and rules != role["rules"]:
                role["rules"], changed = rules, True
    return roles


def _collected(role: Object, roles: list[Object]) -> list[Object]:
    rules: list[Object] = []
    for selector in role.get("aggregationRule", {}).get("clusterRoleSelectors", []):
        for other in roles:
            wanted, labels = selector["matchLabels"], other["metadata"]["labels"]
            if other is not role and other["kind"] == "ClusterRole" and wanted.items() <= labels.items():
                rules += [rule for rule in other["rules"] if rule not in rules]
    return sorted(rules, key=str)


def _allows(rule: Object, request: Request) -> bool:
    if request.verb not in rule["verbs"] and "*" not in rule["verbs"]:
        return False
    if request.path:
        urls = rule.get("nonResourceURLs", [])
        return any(url in ("*", request.path) or (url == "/a/*" and request.path.startswith("/a/")) for url in urls)
    groups, resources, names = (rule.get(key, []) for key in ("apiGroups", "resources", "resourceNames"))
    combined = request.resource + ("/" + request.subresource if request.subresource else "")
    return (
        (request.group in groups or "*" in groups)
        and any(each in ("*", combined) or (each == "*/log" and request.subresource == "log") for each in resources)
        and (not names or request.name in names)
    )


def _names(binding: Object, subject: Subject) -> bool:
    for each in binding["subjects"]:
        namespace = each.get("namespace") or binding["metadata"].get("namespace")
        account = (
            each["kind"] == "ServiceAccount" and subject.name == f"system:serviceaccount:{namespace}:{each['name']}"
        )
        if account or (each["kind"] == "User" and each["name"] == subject.name):
            return True
        if each["kind"] == "Group" and each["name"] in subject.groups:
            return True
    return False


def _expected(objects: list[Object], subject: Subject, request: Request) -> bool:
    objects = _latest(objects)
    roles = _settled(objects)
    for binding in (value for value in objects if "subjects" in value):
        namespace = binding["metadata"].get("namespace", "")
        if (namespace and namespace != request.namespace) or not _names(binding, subject):
            continue
        reference = binding["roleRef"]
        for role in roles:
            place = role["metadata"].get("namespace", "")
            found = (role["kind"], role["metadata"]["name"]) == (reference["kind"], reference["name"])
            if found and place in ("", namespace) and any(_allows(rule, request) for rule in role["rules"]):
                return True
    return False


@settings(max_examples=60, deadline=None)
@given(OBJECTS, WHO, REQUESTS)
def test_both_readings_agree(objects: list[Object], subject: Subject, request: Request) -> None:
    found = rbac.allowed(subject, request, rbac.read(objects, defaults=False))

    assert found.is_allowed is _expected(objects, subject, request)


@settings(max_examples=60, deadline=None)
@given(OBJECTS, WHO, REQUESTS)
def test_who_can_is_whoever_is_allowed(objects: list[Object], subject: Subject, request: Request) -> None:
    authorizations = rbac.read(objects, defaults=False)
    names = {subject.name, *subject.groups}

    assert rbac.allowed(subject, request, authorizations).is_allowed is any(
        grant.holder.name in names for grant in rbac.who_can(request, authorizations)
    )


@settings(max_examples=60, deadline=None)
@given(OBJECTS, _role() | _binding(), WHO, REQUESTS)
def test_another_object_never_allows_less(
    objects: list[Object], more: Object, subject: Subject, request: Request
) -> None:
    # Beside the others, not in the place of one.
    more = {**more, "metadata": {**more["metadata"], "name": "new"}}
    before = rbac.allowed(subject, request, rbac.read(objects, defaults=False))

    after = rbac.allowed(subject, request, rbac.read([*objects, more], defaults=False))

    assert after.is_allowed or not before.is_allowed
