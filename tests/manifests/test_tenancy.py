"""A team's namespace: what its pods may do and take, what its people may do, decided by the project's evaluators."""

from collections.abc import Callable
from itertools import product
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.config import Access, Limits, PodSecurity, Quota, Tenant
from seatrial.manifests import Manifest, tenancy
from seatrial.semantics import rbac
from seatrial.semantics.rbac import Request

Make: TypeAlias = Callable[..., list[Manifest]]

_LOOK = ("get", "list", "watch")
_CHANGE = ("create", "update", "patch", "delete")
_WORKLOADS = [
    ("", "configmaps"),
    ("", "persistentvolumeclaims"),
    ("", "services"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
    ("networking.k8s.io", "ingresses"),
    ("policy", "poddisruptionbudgets"),
]
_SEEN = [
    ("", "events"),
    ("", "limitranges"),
    ("", "pods"),
    ("", "pods/log"),
    ("", "resourcequotas"),
    ("", "serviceaccounts"),
    ("apps", "replicasets"),
    ("discovery.k8s.io", "endpointslices"),
    ("metrics.k8s.io", "pods"),
    ("networking.k8s.io", "networkpolicies"),
]
_NEVER = [
    ("", "secrets"),
    ("", "pods/exec"),
    ("", "pods/attach"),
    ("", "pods/portforward"),
    ("", "pods/ephemeralcontainers"),
    ("", "serviceaccounts/token"),
    ("", "services/status"),
    ("", "nodes"),
    ("", "nodes/proxy"),
    ("", "persistentvolumes"),
    ("", "namespaces"),
    ("apps", "deployments/status"),
    ("rbac.authorization.k8s.io", "roles"),
    ("rbac.authorization.k8s.io", "rolebindings"),
    ("rbac.authorization.k8s.io", "clusterroles"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    ("certificates.k8s.io", "certificatesigningrequests"),
]
_LOOKED_AT_ONLY = [("", "serviceaccounts"), ("", "resourcequotas"), ("networking.k8s.io", "networkpolicies")]

_DEVELOPER = rbac.user("ann", "team-dev")
_PAYER = rbac.user("bob", "payers")


@pytest.fixture
def objects(make: Make) -> rbac.Authorizations:
    return rbac.read(make())


def _asks(objects: rbac.Authorizations, who: rbac.Subject, verb: str, what: tuple[str, str], where: str) -> bool:
    resource, _, subresource = what[1].partition("/")
    request = Request(verb=verb, group=what[0], resource=resource, subresource=subresource, namespace=where)
    return rbac.allowed(who, request, objects).is_allowed


@pytest.mark.parametrize(("what", "verb"), [*product(_WORKLOADS, (*_LOOK, *_CHANGE)), *product(_SEEN, _LOOK)])
def test_who_reads_and_writes_runs_workloads(objects: rbac.Authorizations, what: tuple[str, str], verb: str) -> None:
    assert _asks(objects, _DEVELOPER, verb, what, "dev")


@pytest.mark.parametrize("what", [*_WORKLOADS, *_SEEN])
def test_who_only_reads_looks_and_changes_nothing(objects: rbac.Authorizations, what: tuple[str, str]) -> None:
    assert all(_asks(objects, _PAYER, verb, what, "prod") for verb in _LOOK)
    assert not any(_asks(objects, _PAYER, verb, what, "prod") for verb in _CHANGE)


@pytest.mark.parametrize("what", _NEVER)
@pytest.mark.parametrize(("who", "where"), [(_DEVELOPER, "dev"), (_PAYER, "prod")])
def test_nobody_reaches_secrets_or_more_rights_or_into_pods(
    objects: rbac.Authorizations, who: rbac.Subject, where: str, what: tuple[str, str]
) -> None:
    verbs = (*_LOOK, *_CHANGE, "bind", "escalate", "impersonate", "approve", "deletecollection")

    assert not any(_asks(objects, who, verb, what, place) for verb in verbs for place in (where, ""))


@pytest.mark.parametrize("what", _LOOKED_AT_ONLY)
def test_what_is_the_platforms_is_looked_at_only(objects: rbac.Authorizations, what: tuple[str, str]) -> None:
    assert not any(_asks(objects, _DEVELOPER, verb, what, "dev") for verb in _CHANGE)


def test_who_reads_and_writes_restarts_and_scales_but_starts_no_bare_pod(objects: rbac.Authorizations) -> None:
    assert _asks(objects, _DEVELOPER, "delete", ("", "pods"), "dev")
    assert _asks(objects, _DEVELOPER, "patch", ("apps", "deployments/scale"), "dev")
    assert not _asks(objects, _DEVELOPER, "create", ("", "pods"), "dev")
    assert not _asks(objects, _DEVELOPER, "create", ("apps", "daemonsets"), "dev")
    assert not _asks(objects, _PAYER, "delete", ("", "pods"), "prod")
    assert not _asks(objects, _PAYER, "patch", ("apps", "deployments/scale"), "prod")


@pytest.mark.parametrize(
    ("who", "elsewhere"),
    [(_DEVELOPER, "prod"), (_DEVELOPER, "kube-system"), (_PAYER, "dev"), (_PAYER, "kube-system"), (_PAYER, "")],
)
def test_nobody_sees_another_namespace(objects: rbac.Authorizations, who: rbac.Subject, elsewhere: str) -> None:
    everything = (*_WORKLOADS, *_SEEN, *_NEVER)

    assert not any(_asks(objects, who, verb, what, elsewhere) for what in everything for verb in (*_LOOK, *_CHANGE))


def test_no_service_account_of_a_tenant_is_given_anything(objects: rbac.Authorizations) -> None:
    for name in ("default", "workload", "irsa-demo-sa", "spot-demo"):
        account = rbac.service_account("dev", name)
        assert not any(_asks(objects, account, verb, what, "dev") for what in _WORKLOADS for verb in _LOOK)


def test_no_rule_has_a_wildcard(make: Make) -> None:
    rules = [rule for each in make() for rule in each.get("rules", ())]

    assert rules
    assert "*" not in str(rules)


@pytest.mark.parametrize("level", PodSecurity)
def test_the_level_is_enforced_audited_and_warned_of_by_the_clusters_version(level: PodSecurity) -> None:
    made = tenancy.place("shop", Tenant(pod_security=level), "1.35")["metadata"]

    labels = {key: value for key, value in made["labels"].items() if key.startswith("pod-security")}
    prefix = "pod-security.kubernetes.io"
    assert made["name"] == made["labels"]["seatrial.io/tenant"] == "shop"
    assert labels == {
        f"{prefix}/{mode}{end}": value
        for mode in ("audit", "enforce", "warn")
        for end, value in (("", level.value), ("-version", "v1.35"))
    }


def test_the_quota_is_what_is_described() -> None:
    made = tenancy.quota("shop", Quota(cpu="500m", pods=7, load_balancers=0))

    assert made["spec"] == {
        "hard": {
            "limits.memory": "16Gi",
            "persistentvolumeclaims": "10",
            "pods": "7",
            "requests.cpu": "500m",
            "requests.memory": "8Gi",
            "requests.storage": "100Gi",
            "services.loadbalancers": "0",
        }
    }


def test_a_container_that_says_nothing_takes_little() -> None:
    made = tenancy.limit_range("shop", Limits(memory_most="1Gi"))

    assert made["spec"]["limits"] == [
        {
            "default": {"memory": "256Mi"},
            "defaultRequest": {"cpu": "50m", "memory": "128Mi"},
            "max": {"memory": "1Gi"},
            "type": "Container",
        }
    ]


def test_a_container_that_says_nothing_is_within_every_quota_of_the_namespace(make: Make) -> None:
    quotas = {each["metadata"]["namespace"]: each["spec"]["hard"] for each in make() if each["kind"] == "ResourceQuota"}
    ranges = {each["metadata"]["namespace"]: each["spec"] for each in make() if each["kind"] == "LimitRange"}

    for namespace, hard in quotas.items():
        (container,) = ranges[namespace]["limits"]
        said = {f"limits.{key}" for key in container["default"]}
        said |= {f"requests.{key}" for key in container["defaultRequest"]}
        assert {key for key in hard if key.startswith(("limits.", "requests."))} - {"requests.storage"} <= said


def test_no_service_account_of_a_tenant_has_a_token(make: Make) -> None:
    accounts = [each for each in make() if each["kind"] == "ServiceAccount"]
    tenants = [each for each in accounts if each["metadata"]["namespace"] != "kube-system"]

    assert {each["metadata"]["name"] for each in tenants} == {"default", "workload", "irsa-demo-sa", "spot-demo"}
    assert not any(each["automountServiceAccountToken"] for each in tenants)


_NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(first=_NAMES, second=_NAMES, access=st.sampled_from(Access))
def test_tenants_never_meet(first: str, second: str, access: Access) -> None:
    tenant = Tenant(access=access)
    objects: list[Any] = [*tenancy.objects(first, tenant, "1.36"), *tenancy.objects(second, tenant, "1.36")]
    member = rbac.user("somebody", f"team-{first}")

    reached = _asks(rbac.read(objects, defaults=False), member, "list", ("", "pods"), second)

    assert reached == (first == second)
    assert objects[0]["kind"] == "Namespace"
    assert {each["metadata"].get("namespace", each["metadata"]["name"]) for each in objects} == {first, second}
