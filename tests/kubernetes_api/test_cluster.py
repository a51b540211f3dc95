"""What is asked of a cluster, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.kubernetes_api.cluster import Cluster
from seatrial.rehearsal.kubernetes_api.references import Reference
from seatrial.rehearsal.kubernetes_api.refusals import NoSuchKind, Refused

if TYPE_CHECKING:
    from conftest import ApiServer, Kubeconfig

SETTINGS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it", "namespace": "dev"}, "data": {"a": "b"}}
PATH = "/api/v1/namespaces/dev/configmaps/it"


def test_object_is_read_as_it_is(cluster: Cluster, api: ApiServer) -> None:
    api.answer("GET", PATH, SETTINGS)

    assert cluster.get(SETTINGS) == cluster.get(Reference("v1", "ConfigMap", "it", "dev")) == SETTINGS


def test_missing_object_is_none(cluster: Cluster) -> None:
    assert cluster.get(SETTINGS) is None


def test_other_refusal_of_a_read_is_told(cluster: Cluster, api: ApiServer) -> None:
    api.refuse("GET", PATH, 403, "Forbidden", "not for you")

    with pytest.raises(Refused) as refused:
        cluster.get(SETTINGS)

    assert str(refused.value) == "ConfigMap dev/it: not for you (403 Forbidden)"
    assert (refused.value.status, refused.value.reason, refused.value.object) == (403, "Forbidden", "ConfigMap dev/it")
    assert refused.value.is_denied
    assert not refused.value.is_missing


@pytest.mark.parametrize(
    ("metadata", "path"),
    [
        ({"name": "it"}, "/api/v1/namespaces/default/configmaps/it"),
        ({"name": "it", "namespace": "dev"}, PATH),
    ],
)
def test_object_without_namespace_is_in_the_kubeconfigs(
    cluster: Cluster, api: ApiServer, metadata: dict[str, str], path: str
) -> None:
    api.answer("PATCH", path, SETTINGS)

    cluster.apply({**SETTINGS, "metadata": metadata}, "me")

    assert [it.path for it in api.seen if it.method == "PATCH"] == [path]


def test_namespace_can_be_given(api: ApiServer, kubeconfig: Kubeconfig) -> None:
    cluster = Cluster.of_kubeconfig(kubeconfig(api.url), namespace="prod")

    assert (cluster.namespace, cluster.server) == ("prod", api.url)
    assert cluster.path(Reference("v1", "ConfigMap", "it")) == "/api/v1/namespaces/prod/configmaps/it"
    assert cluster.path(Reference("v1", "Namespace", "dev")) == "/api/v1/namespaces/dev"


@pytest.mark.parametrize(
    ("options", "extra"),
    [
        ({}, {"force": "true"}),
        ({"force": False}, {"force": "false"}),
        ({"dry_run": True}, {"force": "true", "dryRun": "All"}),
    ],
)
def test_apply_says_who_and_how(
    cluster: Cluster, api: ApiServer, options: dict[str, bool], extra: dict[str, str]
) -> None:
    api.answer("PATCH", PATH, {**SETTINGS, "status": {}})

    assert cluster.apply(SETTINGS, "me", **options) == {**SETTINGS, "status": {}}

    [sent] = api.asked("PATCH", PATH)
    assert sent.query == {"fieldManager": "me", "fieldValidation": "Strict", **extra}
    assert sent.headers["Content-Type"] == "application/apply-patch+yaml"
    assert sent.body == SETTINGS


def test_creation_is_posted(cluster: Cluster, api: ApiServer) -> None:
    api.answer("POST", "/api/v1/namespaces/dev/configmaps", SETTINGS, 201)

    assert cluster.create(SETTINGS) == SETTINGS
    assert api.seen[-1].query["fieldManager"] == "seatrial"


def test_second_creation_is_a_conflict(cluster: Cluster, api: ApiServer) -> None:
    api.refuse("POST", "/api/v1/namespaces/dev/configmaps", 409, "AlreadyExists", "there is one")

    with pytest.raises(Refused, match="there is one") as refused:
        cluster.create(SETTINGS)

    assert refused.value.is_conflict


def test_deletion_says_what_happens_to_what_is_owned(cluster: Cluster, api: ApiServer) -> None:
    api.answer("DELETE", PATH, {})

    cluster.delete("v1", "ConfigMap", "it", "dev", propagation="Foreground")

    assert api.seen[-1].body == {"propagationPolicy": "Foreground"}


def test_deletion_of_what_is_gone_is_fine(cluster: Cluster, api: ApiServer) -> None:
    cluster.delete("v1", "ConfigMap", "it")

    assert api.seen[-1].path == "/api/v1/namespaces/default/configmaps/it"


def test_deletion_can_be_refused(cluster: Cluster, api: ApiServer) -> None:
    api.refuse("DELETE", PATH, 403, "Forbidden", "protected")

    with pytest.raises(Refused, match="protected"):
        cluster.delete("v1", "ConfigMap", "it", "dev")


def test_listing_has_all_pages_and_says_what_its_items_are(cluster: Cluster, api: ApiServer) -> None:
    path = "/api/v1/namespaces/dev/pods"
    api.answer("GET", path, {"metadata": {"continue": "more"}, "items": [{"metadata": {"name": "a"}}]})
    api.answer("GET", path, {"metadata": {}, "items": [{"metadata": {"name": "b"}}]})

    found = cluster.list("v1", "Pod", "dev", label_selector="app=web", field_selector="spec.nodeName=n")

    assert found == [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}} for name in "ab"]
    first, second = api.asked("GET", path)
    assert first.query == {"limit": "500", "labelSelector": "app=web", "fieldSelector": "spec.nodeName=n"}
    assert second.query["continue"] == "more"


def test_listing_of_all_namespaces_can_be_empty(cluster: Cluster, api: ApiServer) -> None:
    api.answer("GET", "/api/v1/pods", {"metadata": {}})

    assert cluster.list("v1", "Pod") == []
    assert api.seen[-1].query == {"limit": "500"}


def test_any_path_can_be_asked(cluster: Cluster, api: ApiServer) -> None:
    api.answer("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"status": {"allowed": True}})
    api.refuse("GET", "/nothing", 404, "NotFound", "no such page")

    answer = cluster.request("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"a": 1}, {"b": "c"})

    assert answer == {"status": {"allowed": True}}
    assert (api.seen[-1].body, api.seen[-1].query) == ({"a": 1}, {"b": "c"})
    with pytest.raises(Refused, match=r"^GET /nothing: no such page"):
        cluster.request("GET", "/nothing")


def test_kinds_are_asked_for_once(cluster: Cluster, api: ApiServer) -> None:
    for _ in range(3):
        cluster.get(SETTINGS)
    cluster.resource("v1", "Pod")

    assert len(api.asked("GET", "/api/v1")) == 1


def test_kind_that_comes_later_is_found(cluster: Cluster, api: ApiServer) -> None:
    ship: dict[str, Any] = {"apiVersion": "e.test/v1", "kind": "Ship", "metadata": {"name": "it"}}
    with pytest.raises(NoSuchKind) as missing:
        cluster.get(ship)
    assert str(missing.value) == "the cluster has no kind Ship in e.test/v1"
    assert "definition" in missing.value.tip

    api.answer("GET", "/apis/e.test/v1", {"resources": [{"name": "ships", "kind": "Ship", "namespaced": False}]})

    assert cluster.get(ship) is None
    assert api.seen[-1].path == "/apis/e.test/v1/ships/it"


def test_unanswered_discovery_is_told(cluster: Cluster, api: ApiServer) -> None:
    api.refuse("GET", "/apis/b.test/v1", 403, "Forbidden", "not for you")

    with pytest.raises(Refused, match="not for you"):
        cluster.resource("b.test/v1", "Ship")


def test_all_kinds_are_those_of_preferred_versions(cluster: Cluster, api: ApiServer) -> None:
    api.answer("GET", "/apis", {"groups": [{"preferredVersion": {"groupVersion": "apps/v1"}}]})

    kinds = {(it.api_version, it.kind): it for it in cluster.resources()}

    assert list(kinds) == [("v1", "ConfigMap"), ("v1", "Namespace"), ("v1", "Pod"), ("apps/v1", "Deployment")]
    assert kinds["v1", "ConfigMap"].verbs == {"get", "list", "patch"}
    assert cluster.resource("apps/v1", "Deployment") is kinds["apps/v1", "Deployment"]
    assert len(api.asked("GET", "/apis/apps/v1")) == 1


@pytest.mark.parametrize(
    ("status", "message", "immutable"),
    [
        (422, "spec.selector: Invalid value: field is immutable", True),
        (422, "roleRef: Invalid value: cannot change roleRef", True),
        (422, "parameters: Forbidden: updates to parameters are forbidden.", True),
        (422, "spec.replicas: Invalid value: must be greater than 0", False),
        (409, "field is immutable", False),
    ],
)
def test_immutable_fields_are_told_from_wrong_ones(status: int, message: str, immutable: bool) -> None:
    assert Refused(status, "Invalid", message, "it").is_immutable is immutable


@pytest.mark.parametrize(
    ("reference", "text"),
    [(Reference("v1", "Pod", "a", "dev"), "Pod dev/a"), (Reference("v1", "Namespace", "dev"), "Namespace dev")],
)
def test_reference_reads_as_people_say_it(reference: Reference, text: str) -> None:
    assert str(reference) == text
