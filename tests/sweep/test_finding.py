"""What is taken for a cluster's, and what isn't."""

from typing import Any

import pytest

from seatrial import sweep
from seatrial.ownership import Kind
from seatrial.sweep import Account, volumes

CLUSTER = "eks-cluster-dev"
OWNED = {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "owned"}
ATTACHED = {"Key": "cluster.k8s.amazonaws.com/name", "Value": CLUSTER}
BALANCED = {"Key": "elbv2.k8s.aws/cluster", "Value": CLUSTER}
GROUPED = {"Key": "aws:eks:cluster-name", "Value": CLUSTER}
SHARED = {"Key": f"kubernetes.io/cluster/{CLUSTER}", "Value": "shared"}
FOREIGN = [
    {"Key": "kubernetes.io/cluster/eks-cluster-dev2", "Value": "owned"},
    {"Key": "cluster.k8s.amazonaws.com/name", "Value": "eks-cluster-dev2"},
    {"Key": "elbv2.k8s.aws/cluster", "Value": "eks-cluster-dev2"},
]
EVERY = tuple(Kind)


def found(account: Account, kinds: tuple[Kind, ...] = EVERY) -> list[tuple[str, str, str]]:
    return [(each.kind.value, each.id, each.mark) for each in sweep.look(account, CLUSTER, kinds).leftovers]


def test_everything_that_carries_a_mark_is_found_in_the_order_of_deletion(account: Account, left: Any) -> None:
    log_group = left.log_group(f"/aws/eks/{CLUSTER}/cluster")
    group = left.group("k8s-traffic", BALANCED)
    snapshot = left.snapshot(OWNED)
    volume = left.volume(OWNED)
    interface = left.interface(ATTACHED)
    targets = left.target_group("k8s-dev-web", BALANCED)
    classic = left.classic("a1b2", OWNED)
    balancer = left.balancer("k8s-dev-web", BALANCED)
    instance = left.instance(OWNED)

    owned, balanced = f"kubernetes.io/cluster/{CLUSTER}=owned", f"elbv2.k8s.aws/cluster={CLUSTER}"
    assert found(account) == [
        ("instance", instance, owned),
        ("load-balancer", balancer, balanced),
        ("classic-load-balancer", classic, owned),
        ("target-group", targets, balanced),
        ("network-interface", interface, f"cluster.k8s.amazonaws.com/name={CLUSTER}"),
        ("volume", volume, owned),
        ("snapshot", snapshot, owned),
        ("security-group", group, balanced),
        ("log-group", log_group, f"name begins with /aws/eks/{CLUSTER}/"),
    ]


def test_another_cluster_s_and_what_is_shared_is_not_found(account: Account, left: Any) -> None:
    left.log_group("/aws/eks/eks-cluster-dev2/cluster")
    left.log_group("/aws/vpc/flow-logs")
    left.group("theirs", *FOREIGN)
    left.group("shared", SHARED)
    left.snapshot(*FOREIGN)
    left.volume(SHARED)
    left.volume()
    left.interface(*FOREIGN)
    left.target_group("theirs", *FOREIGN)
    left.classic("theirs", *FOREIGN)
    left.balancer("theirs", *FOREIGN)
    left.balancer("nobodys", {"Key": "team", "Value": CLUSTER})
    left.instance(SHARED)

    assert found(account) == []


def test_what_carries_two_marks_is_found_once_by_the_more_telling(account: Account, left: Any) -> None:
    interface = left.interface(OWNED, ATTACHED)
    group = left.group("eks-cluster-sg", OWNED, BALANCED)

    assert found(account) == [
        ("network-interface", interface, f"cluster.k8s.amazonaws.com/name={CLUSTER}"),
        ("security-group", group, f"elbv2.k8s.aws/cluster={CLUSTER}"),
    ]


def test_only_the_kinds_that_are_asked_for_are_looked_for(account: Account, left: Any) -> None:
    left.interface(ATTACHED)
    volume = left.volume(OWNED)

    assert found(account, (Kind.VOLUME,)) == [("volume", volume, f"kubernetes.io/cluster/{CLUSTER}=owned")]


def test_more_load_balancers_than_their_tags_can_be_asked_for_at_once(account: Account, left: Any) -> None:
    names = [left.classic(f"b{number}", OWNED) for number in range(23)]

    assert sorted(each[1] for each in found(account)) == sorted(names)


def test_instances_that_have_ended_are_gone(account: Account, left: Any) -> None:
    instance = left.instance(OWNED)
    account.clients("ec2").terminate_instances(InstanceIds=[instance])

    assert found(account) == []


@pytest.mark.parametrize(
    ("make", "tags", "told"),
    [
        ("interface", (ATTACHED,), ("aws-K8S-i-1", "available, in ")),
        ("volume", (OWNED,), ("", "20 GiB, available")),
        ("volume", (OWNED, {"Key": "Name", "Value": "pvc-1"}), ("pvc-1", "20 GiB, available")),
        (
            "volume",
            (
                OWNED,
                {"Key": "kubernetes.io/created-for/pvc/namespace", "Value": "dev"},
                {"Key": "kubernetes.io/created-for/pvc/name", "Value": "data"},
            ),
            ("dev/data", "20 GiB, available"),
        ),
        ("snapshot", (OWNED,), ("", "20 GiB, of vol-")),
        ("instance", (OWNED, {"Key": "Name", "Value": "node"}), ("node", "t3.medium, running")),
    ],
)
def test_people_are_told_what_it_is(
    account: Account, left: Any, make: str, tags: tuple[Any, ...], told: tuple[str, str]
) -> None:
    made = getattr(left, make)(*tags)

    (leftover,) = sweep.look(account, CLUSTER, EVERY).leftovers
    name, detail = told
    assert leftover.name == (name or made)
    assert leftover.detail.startswith(detail)


def test_log_groups_tell_how_long_they_are_kept(account: Account, left: Any) -> None:
    left.log_group(f"/aws/eks/{CLUSTER}/cluster")
    left.log_group(f"/aws/containerinsights/{CLUSTER}/performance")
    account.clients("logs").put_retention_policy(
        logGroupName=f"/aws/containerinsights/{CLUSTER}/performance", retentionInDays=7
    )

    assert [each.detail for each in sweep.look(account, CLUSTER, EVERY).leftovers] == [
        "0 KiB, kept for ever",
        "0 KiB, kept for 7 days",
    ]


def test_as_long_as_the_cluster_is_there_only_what_its_controllers_made_is_told(account: Account, left: Any) -> None:
    account.clients("eks").create_cluster(
        name=CLUSTER,
        roleArn="arn:aws:iam::123456789012:role/cluster",
        resourcesVpcConfig={"subnetIds": left.subnets},
    )
    left.instance(OWNED)
    left.group("eks-cluster-sg", OWNED)
    left.log_group(f"/aws/eks/{CLUSTER}/cluster")
    volume = left.volume(OWNED)

    looked = sweep.look(account, CLUSTER, EVERY)

    assert looked.status == "ACTIVE"
    assert [each.id for each in looked.leftovers] == [volume]
    assert sweep.look(account, "another", EVERY).status == ""


def test_a_volume_that_is_being_deleted_is_as_good_as_gone() -> None:
    class Ec2:
        def get_paginator(self, _: str) -> "Ec2":
            return self

        def paginate(self, **_: Any) -> list[dict[str, Any]]:
            volumes = [
                {"VolumeId": f"vol-{state}", "State": state, "Size": 1} for state in ("deleting", "available", "error")
            ]
            return [{"Volumes": volumes}]

    found = volumes.find_volumes(lambda _: Ec2(), CLUSTER)

    assert [each.id for each in found] == ["vol-available", "vol-error"]
