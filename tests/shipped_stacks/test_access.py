"""Who may enter, by the platform's kubeconfig and `aws eks get-token`, and what the API server lets them do."""

import json
from typing import Any

import pytest

from seatrial.config import Access
from seatrial.rehearsal.kubernetes_api import Cluster, Refused

pytestmark = pytest.mark.rehearsal

LOOKED_AT = [
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("", "pods"),
    ("", "services"),
    ("", "configmaps"),
    ("", "persistentvolumeclaims"),
    ("", "events"),
    ("networking.k8s.io", "networkpolicies"),
]
"""What everybody of a team sees in the team's namespace."""

CHANGED = [
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("", "services"),
    ("", "configmaps"),
    ("", "persistentvolumeclaims"),
]
"""What a team with read-write access changes there."""

NEVER = [
    ("get", "", "secrets", ""),
    ("list", "", "secrets", ""),
    ("create", "", "pods", "exec"),
    ("get", "", "nodes", "proxy"),
    ("create", "", "serviceaccounts", "token"),
    ("create", "rbac.authorization.k8s.io", "rolebindings", ""),
    ("escalate", "rbac.authorization.k8s.io", "roles", ""),
    ("bind", "rbac.authorization.k8s.io", "clusterroles", ""),
    ("impersonate", "", "users", ""),
    ("delete", "networking.k8s.io", "networkpolicies", ""),
    ("update", "", "resourcequotas", ""),
    ("update", "", "limitranges", ""),
    ("delete", "", "namespaces", ""),
    ("create", "", "namespaces", ""),
    ("list", "", "nodes", ""),
    ("create", "admissionregistration.k8s.io", "validatingwebhookconfigurations", ""),
]
"""What nobody of a team may do, in any namespace: it would lead out of it."""


def _allowed(running: Any, group: str, verb: str, namespace: str, what: tuple[str, ...]) -> bool:
    """Ask about a resource: its API group, its name, and its subresource where it is one."""
    api, resource, *subresource = what
    attributes = {"verb": verb, "group": api, "resource": resource, "namespace": namespace}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {
            "user": "somebody",
            "groups": [group, "system:authenticated"],
            "resourceAttributes": {**attributes, "subresource": "".join(subresource)},
        },
    }
    path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
    return bool(running.cluster().request("POST", path, review)["status"]["allowed"])


def _namespaces(running: Any) -> list[str]:
    return [each["metadata"]["name"] for each in running.cluster().list("v1", "Namespace")]


@pytest.mark.parametrize("tenant", ["dev", "prod"])
def test_a_team_sees_its_own_namespace_and_no_other(running: Any, tenant: str) -> None:
    group = running.platform.tenants[tenant].group_of(tenant)

    seen = {
        (namespace, verb, *kind): _allowed(running, group, verb, namespace, kind)
        for namespace in _namespaces(running)
        for verb in ("get", "list", "watch")
        for kind in LOOKED_AT
    }

    assert {what for what, allowed in seen.items() if allowed} == {what for what in seen if what[0] == tenant}


@pytest.mark.parametrize("tenant", ["dev", "prod"])
def test_a_team_changes_what_its_access_says_and_nothing_elsewhere(running: Any, tenant: str) -> None:
    chosen = running.platform.tenants[tenant]

    changed = {
        (namespace, verb, *kind): _allowed(running, chosen.group_of(tenant), verb, namespace, kind)
        for namespace in _namespaces(running)
        for verb in ("create", "update", "patch", "delete")
        for kind in CHANGED
    }

    own = {what for what in changed if what[0] == tenant and chosen.access is Access.READ_WRITE}
    assert {what for what, allowed in changed.items() if allowed} == own


@pytest.mark.parametrize("tenant", ["dev", "prod"])
def test_no_team_may_do_what_leads_out_of_its_namespace(running: Any, tenant: str) -> None:
    group = running.platform.tenants[tenant].group_of(tenant)

    allowed = [
        (namespace, verb, *what)
        for namespace in _namespaces(running)
        for verb, *what in NEVER
        if _allowed(running, group, verb, namespace, tuple(what))
    ]

    assert allowed == []


def _can(running: Any, who: str, *question: str) -> str:
    done = running.run("kubectl", "auth", "can-i", *question, who=who)
    return (done.stdout + done.stderr).strip()


def test_the_administrator_looks_around_with_nothing_but_the_environment(running: Any) -> None:
    nodes = running.run("kubectl", "get", "nodes,pods", "-A")
    assert nodes.returncode == 0, nodes.stderr
    assert "Ready" in nodes.stdout
    assert "coredns" in nodes.stdout

    name = running.outputs["clusterName"]
    described = running.run("aws", "eks", "describe-cluster", "--name", name, "--query", "cluster.status")
    assert (described.returncode, described.stdout.strip()) == (0, '"ACTIVE"'), described.stderr


def test_the_administrator_may_do_everything(running: Any) -> None:
    assert _can(running, "", "*", "*", "--all-namespaces") == "yes"


def test_a_developer_gets_the_team_s_namespace(dev: Any) -> None:
    assert _can(dev, "dev", "create", "deployments", "-n", "dev") == "yes"
    assert _can(dev, "dev", "create", "deployments", "-n", "prod") == "no"
    assert _can(dev, "dev", "get", "secrets", "-n", "dev") == "no"
    assert _can(dev, "prod", "list", "pods", "-n", "prod") == "yes"
    assert _can(dev, "prod", "delete", "pods", "-n", "prod") == "no"

    who = json.loads(dev.run("kubectl", "auth", "whoami", "-o", "json", who="dev").stdout)["status"]["userInfo"]
    assert "team-dev" in who["groups"]
    assert not [group for group in who["groups"] if "master" in group or "admin" in group.lower()]


@pytest.mark.parametrize("who", ["stranger", "deployer", "root"])
def test_whom_no_access_entry_names_is_refused(running: Any, who: str) -> None:
    """A stranger, the identity that made the cluster, and the account's root alike: the creator is no administrator."""
    done = running.run("kubectl", "get", "pods", "-n", "dev", who=who)

    assert done.returncode != 0
    assert "must be logged in" in done.stderr or "Unauthorized" in done.stderr, done.stderr


def test_a_token_for_another_cluster_is_refused(dev: Any) -> None:
    made = dev.run("aws", "eks", "get-token", "--cluster-name", "another", "--region", dev.endpoint.region)
    token = json.loads(made.stdout)["status"]["token"]

    with pytest.raises(Refused) as refused:
        _with_token(dev, token).request("GET", "/api/v1/namespaces")

    assert refused.value.status == 401


def test_a_token_that_was_tampered_with_is_refused(dev: Any) -> None:
    name, region = dev.outputs["clusterName"], dev.endpoint.region
    made = dev.run("aws", "eks", "get-token", "--cluster-name", name, "--region", region)
    token = json.loads(made.stdout)["status"]["token"]

    assert _with_token(dev, token).request("GET", "/api/v1/namespaces")["kind"] == "NamespaceList"
    with pytest.raises(Refused) as refused:
        _with_token(dev, token[:-8] + "A" * 8).request("GET", "/api/v1/namespaces")
    assert refused.value.status == 401


def _with_token(running: Any, token: str) -> Cluster:
    config = json.loads(running.outputs["kubeconfig"])
    config["users"][0]["user"] = {"token": token}
    return Cluster.of_kubeconfig(config)
