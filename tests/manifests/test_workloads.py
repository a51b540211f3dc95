"""Pods that the platform runs itself: what they may do, what they take, how they are told to work, and their going."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from seatrial import releases
from seatrial.manifests import Manifest, irsa_demo, node_local_dns, spot_demo
from seatrial.semantics import pod_security

Make: TypeAlias = Callable[..., list[Manifest]]

SERVICES = "172.20.0.0/16"
EXEMPT = "node-local-dns"
"""Serves its node, and needs the node's network and firewall."""


@pytest.fixture
def workloads(make: Make) -> dict[str, Manifest]:
    return {each["metadata"]["name"]: each for each in make() if each["kind"] in {"DaemonSet", "Deployment"}}


def _pod(workload: Manifest) -> dict[str, Any]:
    return workload["spec"]["template"]["spec"]


def _containers(workloads: dict[str, Manifest]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, workload in workloads.items():
        for container in _pod(workload)["containers"]:
            yield name, container


def test_the_platforms_own_workloads_are_these(workloads: dict[str, Manifest]) -> None:
    assert set(workloads) == {"irsa-demo", "node-local-dns", "spot-demo"}


@pytest.mark.parametrize("version", ["v1.32", "v1.36"])
def test_pods_of_tenants_are_restricted(workloads: dict[str, Manifest], version: str) -> None:
    for name, workload in workloads.items():
        if name != EXEMPT:
            assert pod_security.violations(workload, "restricted", version) == ()


def test_the_cache_of_names_needs_what_it_says(workloads: dict[str, Manifest]) -> None:
    broken = {each.check for each in pod_security.violations(workloads[EXEMPT], "baseline", "v1.36")}

    assert broken == {
        "capabilities_baseline",
        "hostNamespaces",
        "hostPathVolumes",
        "hostPorts",
        "hostProbesAndHostLifecycle",
    }


def test_containers_say_what_they_take_and_how_to_tell_that_they_work(workloads: dict[str, Manifest]) -> None:
    for name, container in _containers(workloads):
        resources = container["resources"]
        assert {"cpu", "memory"} == set(resources["requests"]), name
        assert set(resources["limits"]) == {"memory"}
        assert {"livenessProbe", "readinessProbe"} <= set(container)


def test_probes_ask_a_port_that_the_container_has(workloads: dict[str, Manifest]) -> None:
    for name, container in _containers(workloads):
        ports = {value for port in container.get("ports", ()) for value in (port["containerPort"], port.get("name"))}
        for probe in ("livenessProbe", "readinessProbe"):
            asked = container[probe].get("httpGet")
            assert asked is None or asked["port"] in ports, name


def test_containers_of_tenants_cannot_change_their_image(workloads: dict[str, Manifest]) -> None:
    for name, container in _containers(workloads):
        assert container["securityContext"]["readOnlyRootFilesystem"] is (name != EXEMPT)
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert container["securityContext"]["allowPrivilegeEscalation"] is False


def test_images_are_the_pinned_ones(workloads: dict[str, Manifest]) -> None:
    assert {container["image"] for _, container in _containers(workloads)} == {
        releases.AWS_CLI_IMAGE,
        releases.NODE_CACHE_IMAGE,
        releases.WEB_IMAGE,
    }


def test_images_come_from_a_registry_of_copies_where_there_is_one() -> None:
    registry = "123456789012.dkr.ecr.us-east-2.amazonaws.com"
    demonstrated = [
        irsa_demo.test_pod("dev", "bucket", "us-east-2", registry),
        *spot_demo.objects("dev", 2, [], registry),
        *node_local_dns.objects(SERVICES, registry),
    ]

    workloads = {each["metadata"]["name"]: each for each in demonstrated if each["kind"] in {"DaemonSet", "Deployment"}}
    assert sorted(container["image"] for _, container in _containers(workloads)) == [
        f"{registry}/{releases.AWS_CLI_IMAGE.replace('public.ecr.aws', 'ecr-public')}",
        f"{registry}/{releases.NODE_CACHE_IMAGE.replace('registry.k8s.io', 'kubernetes')}",
        f"{registry}/{releases.WEB_IMAGE.replace('registry.k8s.io', 'kubernetes')}",
    ]


def test_every_pod_has_a_service_account_that_there_is_and_no_token(make: Make, workloads: dict[str, Manifest]) -> None:
    accounts = {
        (each["metadata"]["namespace"], each["metadata"]["name"]) for each in make() if each["kind"] == "ServiceAccount"
    }

    for workload in workloads.values():
        account = (workload["metadata"]["namespace"], _pod(workload)["serviceAccountName"])
        assert account in accounts
        assert account[1] != "default"
        assert _pod(workload)["automountServiceAccountToken"] is False


def test_every_selector_selects_its_own_template(workloads: dict[str, Manifest]) -> None:
    for workload in workloads.values():
        wanted = workload["spec"]["selector"]["matchLabels"].items()
        assert wanted
        assert wanted <= workload["spec"]["template"]["metadata"]["labels"].items()


def test_volumes_that_are_mounted_are_there(workloads: dict[str, Manifest]) -> None:
    for name, container in _containers(workloads):
        volumes = {each["name"] for each in _pod(workloads[name]).get("volumes", ())}
        assert {each["name"] for each in container.get("volumeMounts", ())} == volumes


def test_the_spot_demonstration_is_spread_and_goes_one_by_one() -> None:
    account, deployment, budget = spot_demo.objects("dev", 3, [])
    selector = deployment["spec"]["selector"]

    assert [each["kind"] for each in (account, deployment, budget)] == [
        "ServiceAccount",
        "Deployment",
        "PodDisruptionBudget",
    ]
    assert deployment["spec"]["replicas"] == 3
    assert _pod(deployment)["tolerations"] == []
    assert [each["topologyKey"] for each in _pod(deployment)["topologySpreadConstraints"]] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    assert all(each["labelSelector"] == selector for each in _pod(deployment)["topologySpreadConstraints"])
    assert budget["spec"] == {"maxUnavailable": 1, "selector": selector, "unhealthyPodEvictionPolicy": "AlwaysAllow"}


def test_the_spot_demonstration_tolerates_what_keeps_others_off_spot_nodes(workloads: dict[str, Manifest]) -> None:
    pod = _pod(workloads["spot-demo"])

    assert pod["tolerations"] == [
        {"effect": "NoExecute", "key": "a", "operator": "Equal", "value": "b"},
        {"effect": "PreferNoSchedule", "key": "a", "operator": "Equal", "value": "b"},
        {"effect": "NoSchedule", "key": "seatrial.io/spot", "operator": "Equal", "value": "true"},
    ]
    (preferred,) = pod["affinity"]["nodeAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert preferred["preference"]["matchExpressions"] == [
        {"key": "eks.amazonaws.com/capacityType", "operator": "In", "values": ["SPOT"]}
    ]


def test_the_demonstration_of_roles_lists_its_bucket_as_its_service_account() -> None:
    account = irsa_demo.account("team", "arn:role")
    deployment = irsa_demo.test_pod("team", "the-bucket", "eu-west-1")
    (container,) = _pod(deployment)["containers"]

    assert account["metadata"]["annotations"] == {
        "eks.amazonaws.com/role-arn": "arn:role",
        "eks.amazonaws.com/sts-regional-endpoints": "true",
    }
    assert _pod(deployment)["serviceAccountName"] == account["metadata"]["name"] == "irsa-demo-sa"
    variables = {each["name"]: each["value"] for each in container["env"]}
    assert (variables["AWS_REGION"], variables["BUCKET"]) == ("eu-west-1", "the-bucket")


def _cache(services: str = SERVICES) -> dict[str, Manifest]:
    return {each["kind"] + each["metadata"]["name"]: each for each in node_local_dns.objects(services)}


def test_the_cache_comes_after_all_that_it_needs() -> None:
    kinds = [each["kind"] for each in node_local_dns.objects(SERVICES)]

    assert kinds == ["ServiceAccount", "Service", "ConfigMap", "Service", "DaemonSet"]


@pytest.mark.parametrize(("services", "dns"), [(SERVICES, "172.20.0.10"), ("10.100.0.0/16", "10.100.0.10")])
def test_the_cache_takes_over_the_address_of_dns(services: str, dns: str) -> None:
    made = _cache(services)
    arguments = _pod(made["DaemonSetnode-local-dns"])["containers"][0]["args"]
    configuration = made["ConfigMapnode-local-dns"]["data"]["Corefile"]

    assert arguments[:2] == ["-localip", f"169.254.20.10,{dns}"]
    assert configuration.count(f"bind 169.254.20.10 {dns}\n") == 4
    assert configuration.count("__PILLAR__CLUSTER__DNS__") == 3
    assert configuration.count("__PILLAR__UPSTREAM__SERVERS__") == 1
    assert [line for line in configuration.splitlines() if line.endswith(":53 {")] == [
        "cluster.local:53 {",
        "in-addr.arpa:53 {",
        "ip6.arpa:53 {",
        ".:53 {",
    ]
    assert configuration.count("{") == configuration.count("}")
    assert "health 169.254.20.10:8080" in configuration


def test_the_cache_asks_core_dns_by_a_service_that_its_pods_are_told_of() -> None:
    made = _cache()
    pod, upstream = _pod(made["DaemonSetnode-local-dns"]), made["Servicekube-dns-upstream"]["spec"]

    arguments = pod["containers"][0]["args"]
    assert arguments[arguments.index("-upstreamsvc") + 1] == "kube-dns-upstream"
    assert pod["enableServiceLinks"] is True
    assert upstream["selector"] == {"k8s-app": "kube-dns"}
    assert {(port["port"], port["protocol"]) for port in upstream["ports"]} == {(53, "UDP"), (53, "TCP")}
    assert all(port["port"] == port["targetPort"] for port in upstream["ports"])


def test_the_cache_is_on_every_node_and_goes_from_few_at_a_time() -> None:
    spec = _cache()["DaemonSetnode-local-dns"]["spec"]
    pod = spec["template"]["spec"]

    assert (pod["hostNetwork"], pod["dnsPolicy"]) == (True, "Default")
    assert pod["priorityClassName"] == "system-node-critical"
    assert [each.get("effect") for each in pod["tolerations"]] == [None, "NoExecute", "NoSchedule"]
    assert spec["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": "10%"}


def test_the_metrics_of_the_cache_are_found_pod_by_pod() -> None:
    made = _cache()
    spec = made["Servicenode-local-dns"]["spec"]

    assert spec["clusterIP"] == "None"
    assert spec["selector"].items() <= made["DaemonSetnode-local-dns"]["spec"]["template"]["metadata"]["labels"].items()
