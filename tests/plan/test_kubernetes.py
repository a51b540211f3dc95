"""The fake cluster takes what an API server would take, and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from seatrial.components.kubernetes_object import KubernetesObject, logical_name, token
from seatrial.components.kubernetes_provider import KubernetesProvider
from seatrial.components.release import Release, ReleaseArgs
from seatrial.plan import Plan, PlanError, Properties, Resource, Secret, Unknown
from seatrial.plan.cloud import Cloud

Planned = Callable[[Callable[[pulumi.ResourceOptions], object]], Plan]

CHART: ReleaseArgs = {
    "name": "cache",
    "namespace": "shop",
    "chart": "cache",
    "version": "1.2.3",
    "repository": "https://charts.example",
    "values": {"replicas": 2},
}
CONFIG_MAP: Mapping[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings", "namespace": "shop"},
    "data": {"a": "1"},
}


def inside(register: Callable[[pulumi.ResourceOptions], object]) -> Callable[[pulumi.ResourceOptions], object]:
    """Give what is registered a way into a cluster."""

    def program(_: pulumi.ResourceOptions) -> object:
        provider = KubernetesProvider("cluster", {"kubeconfig": "{}", "cluster_identifier": "https://cluster"})
        return register(pulumi.ResourceOptions(provider=provider))

    return program


def provider() -> Resource:
    return resource("pulumi:providers:kubernetes", {"kubeconfig": Secret("{}")})


def resource(type_: str, inputs: Properties) -> Resource:
    return Resource(urn=f"urn:pulumi:s::p::{type_}::some", type=type_, name="some", custom=True, inputs=inputs)


def refusals(type_: str, inputs: Properties) -> list[str]:
    return list(Cloud().make(resource(type_, inputs), provider())[1])


@pytest.mark.parametrize(
    ("version", "kind", "expected"),
    [
        ("v1", "Namespace", "kubernetes:core/v1:Namespace"),
        ("apps/v1", "DaemonSet", "kubernetes:apps/v1:DaemonSet"),
        ("rbac.authorization.k8s.io/v1", "Role", "kubernetes:rbac.authorization.k8s.io/v1:Role"),
    ],
)
def test_the_type_of_an_object_is_that_of_the_providers_sdk(version: str, kind: str, expected: str) -> None:
    assert token({"apiVersion": version, "kind": kind}) == expected


def test_an_object_is_named_by_what_it_is_and_where() -> None:
    assert logical_name(CONFIG_MAP, "dev") == "shop-settings-configmap-dev"
    assert logical_name({"kind": "Namespace", "metadata": {"name": "shop"}}, "dev") == "shop-namespace-dev"


def test_the_inputs_of_an_object_are_its_manifest(planned: Planned) -> None:
    plan = planned(inside(lambda opts: KubernetesObject("settings", CONFIG_MAP, opts)))

    found = plan.named("settings")
    assert found.inputs == CONFIG_MAP
    assert found.outputs == CONFIG_MAP
    assert found.id == "shop/settings"
    assert found.provider_urn == plan.named("cluster").urn
    assert found.version == "4.34.2"


def test_an_object_without_a_namespace_is_known_by_its_name_alone(planned: Planned) -> None:
    manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}

    plan = planned(inside(lambda opts: KubernetesObject("shop", manifest, opts)))

    assert plan.named("shop").id == "shop"


def test_what_a_manifest_takes_from_an_output_is_traced_and_stays_secret(planned: Planned) -> None:
    def register(opts: pulumi.ResourceOptions) -> None:
        first = KubernetesObject("first", CONFIG_MAP, opts)
        data = {"id": first.id, "word": pulumi.Output.secret("hush")}
        other = {"name": "other", "namespace": "shop"}
        KubernetesObject("second", {**CONFIG_MAP, "metadata": other, "data": data}, opts)

    second = planned(inside(register)).named("second")

    assert second.inputs["data"] == {"id": "shop/settings", "word": Secret("hush")}
    assert [urn.rpartition("::")[2] for urn in second.property_dependencies["data"]] == ["first"]


def test_a_preview_knows_a_manifest_but_no_id(previewed: Planned) -> None:
    found = previewed(inside(lambda opts: KubernetesObject("settings", CONFIG_MAP, opts))).named("settings")

    assert found.inputs == CONFIG_MAP
    assert isinstance(found.id, Unknown)


def test_the_way_into_a_cluster_is_a_secret_and_text(planned: Planned) -> None:
    found = planned(inside(lambda _: None)).named("cluster")

    assert found.inputs == {
        "kubeconfig": Secret("{}"),
        "clusterIdentifier": "https://cluster",
        "enableServerSideApply": "true",
        "enablePatchForce": "true",
        "deleteUnreachable": "true",
        "upsertExistingObjects": "true",
        "version": "4.34.2",
    }


def test_a_release_answers_with_its_status(planned: Planned) -> None:
    found = planned(inside(lambda opts: Release("cache", CHART, opts))).named("cache")

    assert found.id == "shop/cache"
    assert found.inputs["repositoryOpts"] == {"repo": "https://charts.example"}
    assert (found.inputs["atomic"], found.inputs["skipAwait"], found.inputs["compat"]) == (True, False, "true")
    assert found.outputs["status"] == {
        "name": "cache",
        "namespace": "shop",
        "chart": "cache",
        "version": "1.2.3",
        "revision": 1,
        "status": "deployed",
    }


def test_a_chart_with_an_address_of_its_own_has_no_repository(planned: Planned) -> None:
    args: ReleaseArgs = {**CHART, "chart": "oci://registry.example/charts/cache", "repository": ""}

    found = planned(inside(lambda opts: Release("cache", args, opts))).named("cache")

    assert "repositoryOpts" not in found.inputs
    assert isinstance(status := found.outputs["status"], Mapping)
    assert status["chart"] == "cache"


NAMED: Properties = {"name": "a", "namespace": "b"}


@pytest.mark.parametrize(
    ("type_", "inputs", "reasons"),
    [
        pytest.param(
            "kubernetes:core/v1:ConfigMap", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": NAMED}, [], id="fine"
        ),
        pytest.param(
            "kubernetes:core/v1:ConfigMap",
            {"metadata": NAMED},
            ["apiVersion: required, and missing", "kind: required, and missing"],
            id="without identity",
        ),
        pytest.param(
            "kubernetes:apps/v1:Deployment",
            {"apiVersion": "apps/v1beta1", "kind": "DaemonSet", "metadata": NAMED},
            [
                "apiVersion: found apps/v1beta1, where the resource's type says apps/v1",
                "kind: found DaemonSet, where the resource's type says Deployment",
            ],
            id="another type",
        ),
        pytest.param(
            "kubernetes:core/v1:ConfigMap",
            {"apiVersion": "v1", "kind": "ConfigMap"},
            [
                "metadata.name: required, and missing: a name that is made up is different in every plan",
                "metadata.namespace: required, and missing: a ConfigMap would go to the namespace default",
            ],
            id="without metadata",
        ),
        pytest.param(
            "kubernetes:storage.k8s.io/v1:StorageClass",
            {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": NAMED},
            ["metadata.namespace: a StorageClass is in no namespace"],
            id="a namespace too many",
        ),
        pytest.param(
            "kubernetes:karpenter.sh/v1:NodePool",
            {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "a"}},
            [],
            id="a kind that only the cluster knows",
        ),
        pytest.param(
            "kubernetes:core/v1:ConfigMap",
            {"apiVersion": Unknown(), "kind": "ConfigMap", "metadata": {"name": Unknown(), "namespace": Secret("b")}},
            [],
            id="unknown and secret",
        ),
        pytest.param(
            "kubernetes:helm.sh/v3:Release",
            {"name": "a", "namespace": "b", "vallues": {}},
            ["vallues: the provider has no such input; did you mean values?", "chart: required, and missing"],
            id="release",
        ),
        pytest.param(
            "kubernetes:helm.sh/v3:Release",
            {"chart": "c", "qqq": "d"},
            ["qqq: the provider has no such input"],
            id="release, no near miss",
        ),
    ],
)
def test_refusals(type_: str, inputs: Properties, reasons: list[str]) -> None:
    assert refusals(type_, inputs) == reasons


@pytest.mark.parametrize(
    ("inputs", "reasons"),
    [
        pytest.param({"kubeconfig": Secret("{}")}, [], id="fine"),
        pytest.param({"kubeconfig": Unknown()}, [], id="unknown"),
        pytest.param(
            {}, ["no kubeconfig is given, so that the cluster would be that of whoever deploys"], id="nowhere"
        ),
        pytest.param(
            {"kubeconfig": "{}", "deleteUnreachable": True},
            ["deleteUnreachable: configuration is text, JSON where it isn't"],
            id="not text",
        ),
        pytest.param(
            {"kubeconfig": "{}", "kubeConfig": "{}"},
            ["kubeConfig: the provider has no such input; did you mean kubeconfig?"],
            id="near miss",
        ),
    ],
)
def test_refused_providers(inputs: Properties, reasons: list[str]) -> None:
    assert list(Cloud().make(resource("pulumi:providers:kubernetes", inputs), None)[1]) == reasons


def test_an_object_needs_a_provider(planned: Planned) -> None:
    with pytest.raises(PlanError, match="the cluster would be that of whoever deploys"):
        planned(lambda _: KubernetesObject("settings", CONFIG_MAP))
