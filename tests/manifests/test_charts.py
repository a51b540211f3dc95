"""What charts are given: keys that they have, the right version, a service account that the platform makes."""

import json
from importlib import resources
from typing import Any, cast

import jsonschema
import pytest

from seatrial import releases
from seatrial.manifests import Manifest
from seatrial.manifests.charts import Chart, cluster_autoscaler, load_balancer_controller, node_termination_handler
from seatrial.rehearsal.providers import kubernetes as provider

_TAGS = {"Owner": "team"}
_VPC = "vpc-1"


def _make(*, private: bool = False, registry: str = "") -> dict[str, Chart]:
    made = (
        load_balancer_controller.chart(
            cluster="c", region="us-east-2", vpc_id=_VPC, replicas=3, private=private, tags=_TAGS, registry=registry
        ),
        cluster_autoscaler.chart(
            cluster="c", region="us-east-2", version="1.36", replicas=2, private=private, registry=registry
        ),
        node_termination_handler.chart(region="us-east-2", registry=registry),
    )
    return {chart.release: chart for chart in made}


NAMES = sorted(_make())
ACCOUNTS: dict[str, Manifest] = {
    "aws-load-balancer-controller": load_balancer_controller.account("arn:role"),
    "cluster-autoscaler": cluster_autoscaler.account("arn:role"),
    "aws-node-termination-handler": node_termination_handler.account(),
}


def _schema(name: str) -> Any:
    file = resources.files(provider) / "charts" / f"{name}.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("private", [True, False])
def test_every_key_is_one_of_the_charts(name: str, private: bool) -> None:
    validator: Any = cast("Any", jsonschema).Draft202012Validator(_schema(name))
    faults = validator.iter_errors(_make(private=private)[name].values)

    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_takes_the_service_account_that_the_platform_makes(name: str) -> None:
    chart, account = _make()[name], ACCOUNTS[name]
    values = chart.values.get("serviceAccount") or chart.values["rbac"]["serviceAccount"]

    assert values == {"create": False, "name": account["metadata"]["name"]}
    assert chart.namespace == account["metadata"]["namespace"] == "kube-system"
    assert account["automountServiceAccountToken"] is True


def test_only_who_calls_aws_has_a_role() -> None:
    roles = {name: account["metadata"].get("annotations", {}) for name, account in ACCOUNTS.items()}

    annotations = {"eks.amazonaws.com/role-arn": "arn:role", "eks.amazonaws.com/sts-regional-endpoints": "true"}
    assert roles == {
        "aws-load-balancer-controller": annotations,
        "cluster-autoscaler": annotations,
        "aws-node-termination-handler": {},
    }


@pytest.mark.parametrize("name", NAMES)
def test_containers_have_no_rights_and_say_what_they_take(name: str) -> None:
    values = _make()[name].values
    pod = values.get("podSecurityContext", values["securityContext"])
    container = values.get("containerSecurityContext", values["securityContext"])

    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert (pod | container)["runAsNonRoot"] is True
    assert container["capabilities"] == {"drop": ["ALL"]}
    assert container["allowPrivilegeEscalation"] is False
    assert container["readOnlyRootFilesystem"] is True
    assert {"cpu", "memory"} == set(values["resources"]["requests"])
    assert set(values["resources"]["limits"]) == {"memory"}


@pytest.mark.parametrize("name", ["aws-load-balancer-controller", "cluster-autoscaler"])
def test_controllers_are_several_apart_and_go_one_by_one(name: str) -> None:
    values = _make()[name].values

    assert values["replicaCount"] >= 2
    assert values["podDisruptionBudget"]["maxUnavailable"] == 1
    assert values["priorityClassName"] == "system-cluster-critical"
    assert [each["topologyKey"] for each in values["topologySpreadConstraints"]] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]


@pytest.mark.parametrize("version", releases.autoscaled_minors())
def test_the_autoscaler_is_of_the_clusters_version(version: str) -> None:
    chart = cluster_autoscaler.chart(cluster="c", region="r", version=version, replicas=2, private=False)

    assert chart.values["image"]["tag"].startswith(f"v{version}.")
    assert chart.values["autoDiscovery"] == {"clusterName": "c"}


def test_an_autoscaler_of_an_unknown_version_is_refused() -> None:
    with pytest.raises(LookupError):
        cluster_autoscaler.chart(cluster="c", region="r", version="1.99", replicas=2, private=False)


def test_load_balancers_are_inside_and_reach_pods_themselves() -> None:
    values = _make()["aws-load-balancer-controller"].values

    assert (values["clusterName"], values["region"], values["vpcId"]) == ("c", "us-east-2", _VPC)
    assert values["replicaCount"] == 3
    assert (values["defaultLoadBalancerScheme"], values["defaultTargetType"]) == ("internal", "ip")
    assert values["defaultTags"] == _TAGS
    assert values["keepTLSSecret"] is True
    assert values["enableServiceMutatorWebhook"] is False


def test_without_a_way_out_nothing_is_asked_that_has_no_endpoint_inside() -> None:
    public, private = _make(), _make(private=True)
    firewalls = ("enableShield", "enableWaf", "enableWafv2")

    assert [public["aws-load-balancer-controller"].values[key] for key in firewalls] == [True, False, True]
    assert not any(private["aws-load-balancer-controller"].values[key] for key in firewalls)
    assert "aws-use-static-instance-list" not in public["cluster-autoscaler"].values["extraArgs"]
    assert private["cluster-autoscaler"].values["extraArgs"]["aws-use-static-instance-list"] is True


def test_the_termination_handler_asks_its_nodes_metadata_from_the_nodes_network() -> None:
    values = _make()["aws-node-termination-handler"].values

    assert values["useHostNetwork"] is True
    assert values["enableSqsTerminationDraining"] is False
    assert values["enableScheduledEventDraining"] is values["enableSpotInterruptionDraining"] is True
    assert values["daemonsetTolerations"] == [{"operator": "Exists"}]
    assert values["probes"]["httpGet"]["port"] != 8080


@pytest.mark.parametrize(
    ("name", "published", "path"),
    [
        ("aws-load-balancer-controller", "public.ecr.aws", "ecr-public/eks/aws-load-balancer-controller"),
        ("cluster-autoscaler", "registry.k8s.io", "kubernetes/autoscaling/cluster-autoscaler"),
        ("aws-node-termination-handler", "public.ecr.aws", "ecr-public/aws-ec2/aws-node-termination-handler"),
    ],
)
def test_an_image_comes_from_its_publisher_or_a_registry_of_copies(name: str, published: str, path: str) -> None:
    assert _make()[name].values["image"]["repository"] == f"{published}/{path.partition('/')[2]}"
    assert _make(registry="copies")[name].values["image"]["repository"] == f"copies/{path}"


def test_charts_come_from_where_they_are_released() -> None:
    assert {name: chart.source for name, chart in _make().items()} == {
        "aws-load-balancer-controller": releases.LOAD_BALANCER_CONTROLLER,
        "cluster-autoscaler": releases.CLUSTER_AUTOSCALER,
        "aws-node-termination-handler": releases.NODE_TERMINATION_HANDLER,
    }
