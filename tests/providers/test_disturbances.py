"""An account that is slow, forgetful or unwilling."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from seatrial.rehearsal.providers.refusals import InitFailed, ProviderFault, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Driver, Landscape, MakeDriver, Values

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
ROLE = "aws:iam/role:Role"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
ADDON = "aws:eks/addon:Addon"


def rule(service: str, operation: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"service": service, "operation": operation, "kind": kind, **more}


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let botocore retry without waiting."""

    def delay(*_: Any) -> float:
        return 0.01

    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", delay)


@pytest.mark.parametrize("kind", ["throttle", "error5xx", "reset", "reset-after"])
def test_passing_faults_are_ridden_out(driver: Driver, disturb: Callable[..., None], kind: str) -> None:
    disturb(rule("ec2", "CreateVpc", kind, times=2), rule("ec2", "DescribeVpcs", kind, times=2))

    state = driver.create(VPC, {"cidrBlock": "10.30.0.0/16"})

    driver.delete(VPC, state)


def test_connection_that_breaks_after_the_call_makes_one_resource(
    driver: Driver, disturb: Callable[..., None], client: Callable[[str], Any]
) -> None:
    disturb(rule("ec2", "CreateVpc", "reset-after"))

    state = driver.create(VPC, {"cidrBlock": "10.31.0.0/16"})

    found = client("ec2").describe_vpcs(Filters=[{"Name": "cidr-block", "Values": ["10.31.0.0/16"]}])["Vpcs"]
    assert [vpc["VpcId"] for vpc in found] == [state["id"]]
    driver.delete(VPC, state)


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (VPC, {"cidrBlock": "10.32.0.0/16", "tags": {"a": "b"}}),
        ("aws:ec2/launchTemplate:LaunchTemplate", {"name": "lagging"}),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "lagging", "retentionInDays": 7}),
        ("aws:ec2/eip:Eip", {"domain": "vpc"}),
    ],
)
def test_lagging_reads_are_waited_for(
    driver: Driver, disturb: Callable[..., None], monkeypatch: pytest.MonkeyPatch, kind: str, inputs: Values
) -> None:
    monkeypatch.setenv("SEATRIAL_SETTLE_SECONDS", "5")
    disturb(rule("ec2", "*", "lag", times=3), rule("*", "Describe*", "lag", times=3))

    state = driver.create(kind, inputs)

    disturb()
    assert driver.changes(kind, state, inputs) == {}
    driver.delete(kind, state)


def test_cluster_that_isnt_visible_yet_is_waited_for(
    driver: Driver, disturb: Callable[..., None], monkeypatch: pytest.MonkeyPatch, landscape: Landscape
) -> None:
    monkeypatch.setenv("SEATRIAL_SETTLE_SECONDS", "5")
    disturb(rule("eks", "DescribeCluster", "lag", times=2))
    inputs = {"name": "lagging", "roleArn": landscape.cluster_role, "vpcConfig": {"subnetIds": landscape.subnets[:2]}}

    state = driver.create(CLUSTER, inputs)

    assert state["status"] == "ACTIVE"
    disturb()
    driver.delete(CLUSTER, state)


def test_resource_that_never_shows_up_is_kept(
    driver: Driver, disturb: Callable[..., None], client: Callable[[str], Any]
) -> None:
    disturb(rule("ec2", "DescribeVpcs", "lag", times=1000))

    with pytest.raises(InitFailed, match=r"it \(aws:ec2/vpc:Vpc\): still not found after 0 s") as failed:
        driver.create(VPC, {"cidrBlock": "10.33.0.0/16"})

    assert failed.value.identity.startswith("vpc-")
    assert failed.value.state == {"cidrBlock": "10.33.0.0/16", "id": failed.value.identity}
    disturb()
    client("ec2").delete_vpc(VpcId=failed.value.identity)


def test_refusal_names_resource_call_and_message(driver: Driver, disturb: Callable[..., None]) -> None:
    disturb(rule("ec2", "CreateVpc", "deny", message="not you"))

    with pytest.raises(ProviderFault) as refused:
        driver.create(VPC, {"cidrBlock": "10.0.0.0/16"})

    assert str(refused.value) == "it (aws:ec2/vpc:Vpc): ec2 CreateVpc: UnauthorizedOperation: not you"


def test_refused_read_and_delete_are_told(driver: Driver, disturb: Callable[..., None], landscape: Landscape) -> None:
    state = {"id": landscape.vpc, "cidrBlock": "10.0.0.0/16"}
    disturb(rule("ec2", "DescribeVpcs", "deny"), rule("ec2", "DeleteVpc", "deny"))

    with pytest.raises(ProviderFault, match="ec2 DescribeVpcs: UnauthorizedOperation"):
        driver.read(VPC, landscape.vpc, state, {})
    with pytest.raises(ProviderFault, match="ec2 DeleteVpc: UnauthorizedOperation"):
        driver.delete(VPC, state)


def test_unreachable_account_is_told(make_driver: MakeDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")

    with pytest.raises(ProviderFault, match="iam CreateRole: EndpointConnectionError: Could not connect"):
        make_driver().create(ROLE, {"name": "it", "assumeRolePolicy": "{}"})


def test_refused_second_step_keeps_the_half_made_resource(driver: Driver, disturb: Callable[..., None]) -> None:
    disturb(rule("kms", "GetKeyPolicy", "deny"))

    with pytest.raises(InitFailed, match="kms GetKeyPolicy: AccessDenied") as failed:
        driver.create("aws:kms/key:Key", {"description": "half"})

    disturb()
    assert failed.value.state == {"description": "half", "id": failed.value.identity}
    driver.delete("aws:kms/key:Key", failed.value.state)


def test_failed_resource_is_kept_and_replaced_by_the_next_update(
    driver: Driver, disturb: Callable[..., None], landscape: Landscape
) -> None:
    inputs = {
        "clusterName": landscape.cluster,
        "nodeGroupName": "failing",
        "nodeRoleArn": landscape.node_role,
        "subnetIds": landscape.subnets[1:],
        "scalingConfig": {"minSize": 1, "maxSize": 1, "desiredSize": 1},
    }
    fault = {"code": "NodeCreationFailure", "message": "nobody joined"}
    disturb(rule("eks", "CreateNodegroup", "fail", **fault))

    with pytest.raises(InitFailed) as failed:
        driver.create(NODE_GROUP, inputs)

    text = "it (aws:eks/nodeGroup:NodeGroup): ended as CREATE_FAILED: NodeCreationFailure: nobody joined"
    assert str(failed.value) == text
    answer = driver.diff(NODE_GROUP, failed.value.state, inputs)
    assert (answer.replaces, answer.delete_before_replace) == (["status"], True)
    driver.delete(NODE_GROUP, failed.value.state)


def test_half_made_resource_is_finished_by_the_next_update(
    driver: Driver, disturb: Callable[..., None], landscape: Landscape
) -> None:
    inputs = {"name": "half", "roleArn": landscape.cluster_role, "vpcConfig": {"subnetIds": landscape.subnets[:2]}}
    disturb(rule("eks", "DescribeCluster", "deny"))
    with pytest.raises(InitFailed, match="eks DescribeCluster: AccessDeniedException") as failed:
        driver.create(CLUSTER, inputs)
    disturb()

    ready = driver.update(CLUSTER, failed.value.state, inputs)

    assert ready["status"] == "ACTIVE"
    driver.delete(CLUSTER, ready)


def test_failed_update_is_told(driver: Driver, disturb: Callable[..., None], landscape: Landscape) -> None:
    inputs = {"clusterName": landscape.cluster, "addonName": "eks-pod-identity-agent"}
    state = driver.create(ADDON, inputs)
    disturb(rule("eks", "UpdateAddon", "fail", message="no"))
    changed = {**inputs, "configurationValues": '{"priorityClassName": "system-node-critical"}'}

    with pytest.raises(InitFailed, match=r"update Failed: .*no"):
        driver.update(ADDON, state, changed)

    disturb()
    driver.delete(ADDON, state)


def test_deletion_waits_for_what_stands_in_the_way(driver: Driver, client: Callable[[str], Any]) -> None:
    vpc = driver.create(VPC, {"cidrBlock": "10.34.0.0/16"})
    subnet = driver.create(SUBNET, {"vpcId": vpc["id"], "cidrBlock": "10.34.0.0/24"})
    with pytest.raises(ProviderFault, match="ec2 DeleteVpc: DependencyViolation"):
        driver.delete(VPC, vpc, seconds=0.1)

    later = threading.Timer(0.3, lambda: client("ec2").delete_subnet(SubnetId=subnet["id"]))
    later.start()
    driver.delete(VPC, vpc)

    later.join()
    assert driver.read(VPC, vpc["id"], vpc, {}) is None


def test_what_can_only_be_replaced_is_not_updated(driver: Driver, landscape: Landscape) -> None:
    with pytest.raises(ProviderFault, match="cidrBlock: can't be changed in place") as refused:
        driver.update(VPC, {"id": landscape.vpc, "cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"})

    assert not isinstance(refused.value, InitFailed)


def test_unknown_type_is_refused(offline: Driver) -> None:
    with pytest.raises(Rejected, match="aws:sns/topic:Topic: no such resource type here; there are aws:cloudwatch"):
        offline.check("aws:sns/topic:Topic", {})


def test_many_resources_are_made_at_once(driver: Driver) -> None:
    made: list[Values] = []
    names = [f"parallel-{number}" for number in range(12)]

    def create(name: str) -> None:
        made.append(driver.create("aws:cloudwatch/logGroup:LogGroup", {"name": name}))

    threads = [threading.Thread(target=create, args=(name,)) for name in names]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(state["name"] for state in made) == sorted(names)
    assert time.monotonic() - started < 10
    for state in made:
        driver.delete("aws:cloudwatch/logGroup:LogGroup", state)
