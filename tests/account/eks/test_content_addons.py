"""What managed add-ons put into a cluster, and what their configuration makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from seatrial.rehearsal.account.eks import catalogue
from seatrial.rehearsal.account.eks.content import add_ons

MINOR = "1.36"


def cluster(**more: Any) -> dict[str, Any]:
    return {
        "name": "it",
        "arn": "arn:aws:eks:eu-west-1:000000000000:cluster/it",
        "endpoint": "https://127.0.0.1:24680",
        "version": MINOR,
        "kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.100.0.0/16"},
        "_bootstrap": False,
        **more,
    }


def made(name: str, values: str = "", role: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    """Give the objects of an add-on by kind and name."""
    version = catalogue.default(catalogue.find(name), MINOR)
    addon = {"addonName": name, "addonVersion": version, "configurationValues": values}
    given = addon | ({"serviceAccountRoleArn": role} if role else {})
    return {(it["kind"], it["metadata"]["name"]): it for it in add_ons.objects(cluster(), given)}


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    return workload["spec"]["template"]["spec"]


def containers(workload: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {it["name"]: it for it in pod(workload)["containers"]}


EXPECTED = {
    "vpc-cni": {"DaemonSet/aws-node", "ServiceAccount/aws-node", "ConfigMap/amazon-vpc-cni"},
    "kube-proxy": {"DaemonSet/kube-proxy", "ServiceAccount/kube-proxy", "ConfigMap/kube-proxy-config"},
    "eks-pod-identity-agent": {"DaemonSet/eks-pod-identity-agent"},
    "coredns": {
        "Deployment/coredns",
        "ServiceAccount/coredns",
        "ConfigMap/coredns",
        "Service/kube-dns",
        "PodDisruptionBudget/coredns",
    },
    "aws-ebs-csi-driver": {
        "CSIDriver/ebs.csi.aws.com",
        "DaemonSet/ebs-csi-node",
        "Deployment/ebs-csi-controller",
        "PodDisruptionBudget/ebs-csi-controller",
        "ServiceAccount/ebs-csi-controller-sa",
        "ServiceAccount/ebs-csi-node-sa",
    },
    "metrics-server": {
        "Deployment/metrics-server",
        "PodDisruptionBudget/metrics-server",
        "Service/metrics-server",
        "ServiceAccount/metrics-server",
    },
    "snapshot-controller": {
        "CustomResourceDefinition/volumesnapshotclasses.snapshot.storage.k8s.io",
        "CustomResourceDefinition/volumesnapshotcontents.snapshot.storage.k8s.io",
        "CustomResourceDefinition/volumesnapshots.snapshot.storage.k8s.io",
        "Deployment/snapshot-controller",
        "PodDisruptionBudget/snapshot-controller",
        "ServiceAccount/snapshot-controller",
    },
    "eks-node-monitoring-agent": {
        "CustomResourceDefinition/nodediagnostics.eks.amazonaws.com",
        "DaemonSet/eks-node-monitoring-agent",
        "ServiceAccount/eks-node-monitoring-agent",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_add_on_brings_what_eks_would_run(name: str) -> None:
    found = {f"{kind}/{named}" for kind, named in made(name)}

    assert EXPECTED[name] <= found
    # The network plugin's own kinds are more than are listed above.
    assert all(extra.startswith("CustomResourceDefinition/") for extra in found - EXPECTED[name])


def test_every_add_on_of_the_catalogue_has_content() -> None:
    assert set(EXPECTED) == set(catalogue.ADD_ONS)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_workload_selects_its_pods_and_is_of_the_version(name: str) -> None:
    version = catalogue.default(catalogue.find(name), MINOR)
    workloads = [it for (kind, _), it in made(name).items() if kind in {"DaemonSet", "Deployment"}]

    assert workloads
    for workload in workloads:
        template = workload["spec"]["template"]
        assert workload["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
        assert template["spec"]["priorityClassName"].startswith("system-")
        images = [it["image"] for it in template["spec"]["containers"]]
        assert all(".dkr.ecr.eu-west-1.amazonaws.com/" in image for image in images)
        assert any(image.endswith(version.replace("v1.36.0-", "v1.36.0-minimal-")) for image in images)


@pytest.mark.parametrize(
    ("name", "workload"),
    [
        ("vpc-cni", "aws-node"),
        ("kube-proxy", "kube-proxy"),
        ("eks-pod-identity-agent", "eks-pod-identity-agent"),
        ("aws-ebs-csi-driver", "ebs-csi-node"),
        ("eks-node-monitoring-agent", "eks-node-monitoring-agent"),
    ],
)
def test_what_runs_on_every_node_tolerates_every_taint(name: str, workload: str) -> None:
    assert pod(made(name)["DaemonSet", workload])["tolerations"] == [{"operator": "Exists"}]


@pytest.mark.parametrize(
    ("name", "workload"),
    [
        ("coredns", "coredns"),
        ("metrics-server", "metrics-server"),
        ("snapshot-controller", "snapshot-controller"),
        ("aws-ebs-csi-driver", "ebs-csi-controller"),
    ],
)
def test_what_the_cluster_needs_has_two_replicas_and_a_budget(name: str, workload: str) -> None:
    objects = made(name)
    budget = objects["PodDisruptionBudget", workload]["spec"]

    assert objects["Deployment", workload]["spec"]["replicas"] == 2
    assert budget["maxUnavailable"] == 1
    assert budget["selector"] == objects["Deployment", workload]["spec"]["selector"]


def test_a_role_stands_on_the_service_account_that_uses_it() -> None:
    role = "arn:aws:iam::000000000000:role/own"
    annotation = {"eks.amazonaws.com/role-arn": role}

    plugin = made("vpc-cni", role=role)["ServiceAccount", "aws-node"]
    driver = made("aws-ebs-csi-driver", role=role)
    assert plugin["metadata"]["annotations"] == annotation
    assert driver["ServiceAccount", "ebs-csi-controller-sa"]["metadata"]["annotations"] == annotation
    assert "annotations" not in driver["ServiceAccount", "ebs-csi-node-sa"]["metadata"]
    assert "annotations" not in made("vpc-cni")["ServiceAccount", "aws-node"]["metadata"]


def test_dns_is_at_the_tenth_address_of_services() -> None:
    spec = made("coredns")["Service", "kube-dns"]["spec"]

    assert spec["clusterIP"] == "10.100.0.10"
    assert [(it["protocol"], it["port"]) for it in spec["ports"]] == [("UDP", 53), ("TCP", 53), ("TCP", 9153)]


@pytest.mark.parametrize(
    ("values", "replicas"),
    [
        ('{"replicaCount": 4}', 4),
        ('{"autoScaling": {"enabled": true, "minReplicas": 3, "maxReplicas": 9}, "replicaCount": 5}', 3),
        ('{"autoScaling": {"enabled": true}}', 2),
        ('{"autoScaling": {"enabled": false}, "replicaCount": 5}', 5),
    ],
)
def test_dns_has_as_many_replicas_as_its_configuration_asks_for(values: str, replicas: int) -> None:
    assert made("coredns", values)["Deployment", "coredns"]["spec"]["replicas"] == replicas


def test_pods_are_as_the_configuration_asks_for() -> None:
    values = (
        '{"nodeSelector": {"a": "b"}, "tolerations": [{"key": "c", "operator": "Exists"}], "affinity": {"podAffinity":'
        ' {}}, "topologySpreadConstraints": [{"maxSkew": 2}], "resources": {"requests": {"cpu": "1"}},'
        ' "podAnnotations": {"d": "e"}, "podLabels": {"f": "g"}}'
    )
    workload = made("coredns", values)["Deployment", "coredns"]

    assert pod(workload)["nodeSelector"] == {"a": "b"}
    assert pod(workload)["tolerations"] == [{"key": "c", "operator": "Exists"}]
    assert pod(workload)["affinity"] == {"podAffinity": {}}
    assert pod(workload)["topologySpreadConstraints"] == [{"maxSkew": 2}]
    assert containers(workload)["coredns"]["resources"] == {"requests": {"cpu": "1"}}
    metadata = workload["spec"]["template"]["metadata"]
    assert metadata["annotations"] == {"d": "e"}
    assert metadata["labels"] == {"f": "g", **workload["spec"]["selector"]["matchLabels"]}


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ('{"podDisruptionBudget": {"enabled": true, "minAvailable": 1}}', [{"minAvailable": 1}]),
        ('{"podDisruptionBudget": {"maxUnavailable": "50%"}}', [{"maxUnavailable": "50%"}]),
        ('{"podDisruptionBudget": {"enabled": false}}', []),
    ],
)
def test_a_budget_is_as_the_configuration_asks_for(values: str, limits: list[dict[str, Any]]) -> None:
    budgets = [it["spec"] for (kind, _), it in made("coredns", values).items() if kind == "PodDisruptionBudget"]

    assert [{name: it[name] for name in it if name != "selector"} for it in budgets] == limits


def test_a_corefile_is_taken_as_it_is() -> None:
    assert made("coredns", '{"corefile": ".:53 {}"}')["ConfigMap", "coredns"]["data"] == {"Corefile": ".:53 {}"}
    assert "kubernetes cluster.local" in made("coredns")["ConfigMap", "coredns"]["data"]["Corefile"]


@pytest.mark.parametrize(("values", "enforces"), [("", "false"), ('{"enableNetworkPolicy": "true"}', "true")])
def test_network_policies_are_enforced_when_asked_for(values: str, enforces: str) -> None:
    objects = made("vpc-cni", values)
    agent = containers(objects["DaemonSet", "aws-node"])["aws-eks-nodeagent"]

    assert f"--enable-network-policy={enforces}" in agent["args"]
    assert objects["ConfigMap", "amazon-vpc-cni"]["data"] == {"enable-network-policy-controller": enforces}


def test_variables_of_the_network_plugin_are_set() -> None:
    values = (
        '{"env": {"ENABLE_PREFIX_DELEGATION": "true", "MAX_ENI": "2"}, "init": {"env": {"DISABLE_TCP_EARLY_DEMUX":'
        ' "true"}}, "nodeAgent": {"enablePolicyEventLogs": "true", "resources": {"requests": {"cpu": "9m"}}}}'
    )
    workload = made("vpc-cni", values)["DaemonSet", "aws-node"]
    variables = {it["name"]: it.get("value") for it in containers(workload)["aws-node"]["env"]}
    (initial,) = pod(workload)["initContainers"]

    assert (variables["ENABLE_PREFIX_DELEGATION"], variables["MAX_ENI"]) == ("true", "2")
    assert (variables["WARM_ENI_TARGET"], variables["CLUSTER_NAME"]) == ("1", "it")
    assert {"name": "DISABLE_TCP_EARLY_DEMUX", "value": "true"} in initial["env"]
    agent = containers(workload)["aws-eks-nodeagent"]
    assert "--enable-policy-event-logs=true" in agent["args"]
    assert agent["resources"] == {"requests": {"cpu": "9m"}}


def test_kube_proxy_works_in_the_mode_that_was_asked_for() -> None:
    config = made("kube-proxy", '{"mode": "ipvs", "ipvs": {"scheduler": "rr"}}')["ConfigMap", "kube-proxy-config"]

    assert '"mode": "ipvs"' in config["data"]["config"]
    assert '"scheduler": "rr"' in config["data"]["config"]


def test_the_driver_is_registered_under_the_name_that_storage_classes_have() -> None:
    objects = made("aws-ebs-csi-driver", '{"defaultStorageClass": {"enabled": true}}')

    assert objects["CSIDriver", "ebs.csi.aws.com"]["spec"]["attachRequired"] is True
    assert objects["StorageClass", "ebs-csi-default-sc"]["provisioner"] == "ebs.csi.aws.com"
    assert ("StorageClass", "ebs-csi-default-sc") not in made("aws-ebs-csi-driver")


def test_the_driver_is_as_its_configuration_asks_for() -> None:
    values = (
        '{"controller": {"replicaCount": 3, "extraVolumeTags": {"a": "b", "c": "d"}, "resources": {"requests":'
        ' {"cpu": "5m"}}}, "node": {"tolerateAllTaints": false, "volumeAttachLimit": 20}}'
    )
    objects = made("aws-ebs-csi-driver", values)
    controller, node = objects["Deployment", "ebs-csi-controller"], objects["DaemonSet", "ebs-csi-node"]

    assert controller["spec"]["replicas"] == 3
    plugin = containers(controller)["ebs-plugin"]
    assert "--extra-tags=a=b,c=d" in plugin["args"]
    assert plugin["resources"] == {"requests": {"cpu": "5m"}}
    assert pod(node)["tolerations"] != [{"operator": "Exists"}]
    assert "--volume-attach-limit=20" in containers(node)["ebs-plugin"]["args"]
    assert len(containers(controller)) == 6


def test_the_driver_may_be_on_nodes_only() -> None:
    kinds = {kind for kind, _ in made("aws-ebs-csi-driver", '{"nodeComponentOnly": true}')}

    assert "DaemonSet" in kinds
    assert "Deployment" not in kinds


def test_no_aggregated_api_is_registered_that_nobody_would_answer() -> None:
    assert all(kind != "APIService" for name in EXPECTED for kind, _ in made(name))


def test_kinds_in_groups_of_kubernetes_are_approved() -> None:
    name = "volumesnapshots.snapshot.storage.k8s.io"
    definition = made("snapshot-controller")["CustomResourceDefinition", name]

    assert "api-approved.kubernetes.io" in definition["metadata"]["annotations"]
    (version,) = definition["spec"]["versions"]
    assert version["schema"]["openAPIV3Schema"]["required"] == ["spec"]
    assert version["subresources"] == {"status": {}}


def test_the_agents_are_as_their_configuration_asks_for() -> None:
    identity = '{"agent": {"additionalArgs": {"-b": "169.254.170.23"}}, "priorityClassName": "system-own"}'
    workload = made("eks-pod-identity-agent", identity)["DaemonSet", "eks-pod-identity-agent"]
    assert containers(workload)["eks-pod-identity-agent"]["args"][-2:] == ["-b", "169.254.170.23"]
    assert pod(workload)["priorityClassName"] == "system-own"

    monitoring = '{"monitoringAgent": {"resources": {"requests": {"cpu": "1m"}}}, "tolerations": [{"key": "a"}]}'
    workload = made("eks-node-monitoring-agent", monitoring)["DaemonSet", "eks-node-monitoring-agent"]
    assert containers(workload)["eks-node-monitoring-agent"]["resources"] == {"requests": {"cpu": "1m"}}
    assert pod(workload)["tolerations"] == [{"key": "a"}]


def addon(name: str, status: str = "ACTIVE") -> dict[str, Any]:
    return {"addonName": name, "addonVersion": "v1", "status": status}


@pytest.mark.parametrize(
    ("record", "managed", "installed"),
    [
        ({}, [addon("coredns"), addon("vpc-cni", "CREATING")], {"coredns": "v1", "vpc-cni": "v1"}),
        ({}, [addon("coredns", "DELETING"), addon("vpc-cni", "CREATE_FAILED")], {}),
        ({"_preserved": {"coredns": {"addonName": "coredns", "addonVersion": "v0"}}}, [], {"coredns": "v0"}),
        (
            {"_preserved": {"coredns": {"addonName": "coredns", "addonVersion": "v0"}}},
            [addon("coredns")],
            {"coredns": "v1"},
        ),
        (
            {"_bootstrap": True},
            [addon("vpc-cni")],
            {"vpc-cni": "v1", "kube-proxy": "v1.36.0-eksbuild.2", "coredns": "v1.12.4-eksbuild.1"},
        ),
    ],
)
def test_what_is_installed_is_managed_preserved_or_there_from_the_beginning(
    record: dict[str, Any], managed: list[dict[str, Any]], installed: dict[str, str]
) -> None:
    found = add_ons.installed(cluster(**record), managed)

    assert {name: it["addonVersion"] for name, it in found.items()} == installed


def test_a_cluster_without_the_network_plugin_gives_nodes_no_blocks() -> None:
    assert not add_ons.prefix_delegation(None)
