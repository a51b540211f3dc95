"""What the platform puts into the cluster, and what that may do in AWS."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from seatrial import releases
from seatrial.plan import Plan, Resource, Secret

Planned = Callable[..., Plan]
Sections = dict[str, Any]

ENTRY = "aws:eks/accessEntry:AccessEntry"
RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
OPS = "arn:aws:iam::123456789012:role/ops"


def at(value: Any, *path: str) -> Any:
    for key in path:
        value = value[key]
    return value


def inside(plan: Plan) -> list[Resource]:
    return [resource for resource in plan if resource.type.startswith("kubernetes:")]


def kubeconfig(plan: Plan) -> Mapping[str, Any]:
    secret = plan.named("kubernetes-test", "pulumi:providers:kubernetes").inputs["kubeconfig"]
    assert isinstance(secret, Secret)
    return json.loads(str(secret.value))


def policy_of(plan: Plan, role: str) -> list[dict[str, Any]]:
    (policy,) = [each for each in plan.of_type("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == role]
    return json.loads(str(policy.inputs["policy"]))["Statement"]


def trust_of(plan: Plan, role: str) -> Mapping[str, str]:
    (statement,) = json.loads(str(plan.named(role).inputs["assumeRolePolicy"]))["Statement"]
    conditions = statement["Condition"]["StringEquals"]
    return {key.rpartition(":")[2]: value for key, value in conditions.items()}


def test_nothing_goes_into_a_cluster_that_is_to_stay_empty(planned: Planned, everything: Sections) -> None:
    plan = planned(**everything | {"kubernetes": {"enabled": False}})

    assert inside(plan) == []
    assert not plan.of_type("pulumi:providers:kubernetes")
    assert not plan.of_type("aws:s3/bucket:Bucket")
    assert {str(each.inputs["principalArn"]) for each in plan.of_type(ENTRY)} == {OPS}
    assert not [each for each in plan.of_type("aws:iam/role:Role") if "controller" in each.name]


@pytest.mark.parametrize(
    ("principal", "arguments"),
    [(OPS, ["--role-arn", OPS]), ("arn:aws:iam::123456789012:user/ops", [])],
    ids=["role", "user"],
)
def test_the_deployment_enters_as_the_administrator_that_is_named(
    planned: Planned, everything: Sections, principal: str, arguments: list[str]
) -> None:
    admins = {"ops": principal, "others": "arn:aws:iam::123456789012:role/others"}

    plan = planned(**everything | {"cluster": {"admins": admins}, "kubernetes": {"deployAs": "ops"}})

    (user,) = kubeconfig(plan)["users"]
    command = user["user"]["exec"]
    base = ["eks", "get-token", "--cluster-name", "eks-cluster-test", "--region", "us-east-2", "--output", "json"]
    assert command["args"] == [*base, *arguments]


def test_people_enter_as_themselves(whole: Plan) -> None:
    secret = whole.outputs["kubeconfig"]

    assert isinstance(secret, Secret)
    assert "get-token" in str(secret.value)
    assert "--role-arn" not in str(secret.value)


def test_a_cluster_is_told_from_another_of_its_name_by_its_endpoint(whole: Plan) -> None:
    provider = whole.named("kubernetes-test", "pulumi:providers:kubernetes")

    assert provider.inputs["clusterIdentifier"] == whole.outputs["clusterEndpoint"]
    assert provider.version == releases.KUBERNETES_PROVIDER


def test_every_plugin_version_is_the_pinned_one(whole: Plan) -> None:
    assert {resource.version for resource in inside(whole)} == {releases.KUBERNETES_PROVIDER}


def test_volumes_are_encrypted_with_the_platforms_key(whole: Plan) -> None:
    storage = whole.named("ebs-sc-encrypted-storageclass-test")

    assert at(storage.inputs, "parameters", "kmsKeyId") == whole.outputs["volumesKeyArn"]
    assert storage.property_dependencies["parameters"] == (whole.named("eks-volumes-key-test").urn,)


def test_snapshots_have_a_class_where_they_have_a_controller(planned: Planned, everything: Sections) -> None:
    kind = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"

    with_controller, without = planned(**everything), planned(**everything | {"addons": {}})

    assert (len(with_controller.of_type(kind)), len(without.of_type(kind))) == (1, 0)


@pytest.mark.parametrize(
    ("account", "role", "subject"),
    [
        (
            "kube-system-aws-load-balancer-controller",
            "eks-load-balancer-controller-role-test",
            "kube-system:aws-load-balancer-controller",
        ),
        ("kube-system-cluster-autoscaler", "eks-cluster-autoscaler-role-test", "kube-system:cluster-autoscaler"),
        ("dev-irsa-demo-sa", "eks-irsa-demo-role-test", "dev:irsa-demo-sa"),
    ],
)
def test_a_role_trusts_the_service_account_that_names_it_and_no_other(
    whole: Plan, account: str, role: str, subject: str
) -> None:
    object_ = whole.named(f"{account}-serviceaccount-test")

    annotation = at(object_.inputs, "metadata", "annotations")["eks.amazonaws.com/role-arn"]
    assert annotation == whole.named(role).outputs["arn"]
    assert trust_of(whole, role) == {"aud": "sts.amazonaws.com", "sub": f"system:serviceaccount:{subject}"}


def test_charts_make_no_service_accounts_of_their_own(whole: Plan) -> None:
    for release in whole.of_type(RELEASE):
        values = release.inputs["values"]
        accounts = (
            at(values, "serviceAccount") if "serviceAccount" in at(values) else at(values, "rbac", "serviceAccount")
        )
        assert at(accounts, "create") is False
        assert f"kube-system/{at(accounts, 'name')}" in str(whole.outputs["serviceAccounts"])


def test_a_release_is_whole_or_not_there_at_all(whole: Plan) -> None:
    for release in whole.of_type(RELEASE):
        assert (release.inputs["atomic"], release.inputs["cleanupOnFail"]) == (True, True)
        assert release.inputs["version"]


def test_the_controller_of_load_balancers_knows_its_cluster_and_network(whole: Plan) -> None:
    values = whole.named("aws-load-balancer-controller-release-test").inputs["values"]

    found = {key: at(values, key) for key in ("clusterName", "region", "replicaCount", "vpcId")}
    assert found == {
        "clusterName": "eks-cluster-test",
        "region": "us-east-2",
        "replicaCount": 2,
        "vpcId": whole.outputs["vpcId"],
    }
    assert at(values, "defaultTags")["EnvironmentSuffix"] == "test"


def test_a_policy_that_names_the_network_waits_for_it(planned: Planned, everything: Sections) -> None:
    (known,) = [
        each
        for each in policy_of(planned(**everything), "eks-load-balancer-controller-role-test")
        if each["Sid"] == "OpenGroupsOfNetwork"
    ]

    assert str(planned(**everything).outputs["vpcId"]) in json.dumps(known["Condition"])


@pytest.mark.parametrize(("nat", "private"), [("none", True), ("single", False)])
def test_controllers_of_a_network_without_a_way_out_ask_nothing_outside(
    planned: Planned, everything: Sections, nat: str, private: bool
) -> None:
    registry = "123456789012.dkr.ecr.us-east-2.amazonaws.com"

    plan = planned(**everything | {"network": {"nat": nat}, "kubernetes": {"imageRegistry": registry}})

    balancers = plan.named("aws-load-balancer-controller-release-test").inputs["values"]
    autoscaler = at(plan.named("cluster-autoscaler-release-test").inputs, "values", "extraArgs")
    assert at(balancers, "enableWafv2") is not private
    assert ("aws-use-static-instance-list" in autoscaler) is private


def images(value: Any) -> Iterator[str]:
    """Give every image that a manifest or a chart's values name."""
    if isinstance(value, Mapping):
        for key in ("image", "repository"):
            if isinstance(found := at(value).get(key), str):
                yield found
        value = tuple(at(value).values())
    if isinstance(value, tuple):
        for each in at(value):
            yield from images(each)


def test_images_come_from_a_registry_of_copies_where_there_is_one(planned: Planned, everything: Sections) -> None:
    registry = "123456789012.dkr.ecr.us-east-2.amazonaws.com"
    kubernetes = everything["kubernetes"] | {"imageRegistry": registry}

    plan = planned(**everything | {"kubernetes": kubernetes})

    found = [image for resource in inside(plan) for image in images(resource.inputs)]
    assert len(found) == 6
    assert {image.partition("/")[0] for image in found} == {registry}


def test_the_autoscaler_is_of_the_clusters_minor(whole: Plan) -> None:
    values = whole.named("cluster-autoscaler-release-test").inputs["values"]

    assert at(values, "image", "tag").startswith(f"v{whole.outputs['clusterVersion']}.")


def test_the_autoscaler_changes_the_groups_of_its_own_cluster_only(whole: Plan) -> None:
    (resize,) = [
        each for each in policy_of(whole, "eks-cluster-autoscaler-role-test") if each["Sid"] == "ResizeOwnGroups"
    ]

    assert "aws:ResourceTag/k8s.io/cluster-autoscaler/eks-cluster-test" in resize["Condition"]["StringEquals"]


def test_a_team_is_let_in_under_the_group_that_its_role_is_bound_to(whole: Plan) -> None:
    entries = {
        str(each.inputs["principalArn"]): each for each in whole.of_type(ENTRY) if each.inputs["principalArn"] != OPS
    }

    for namespace, principal in json.loads(str(whole.outputs["tenantPrincipals"])).items():
        (subject,) = at(whole.named(f"{namespace}-team-rolebinding-test").inputs, "subjects")
        entry = entries.pop(principal)
        assert entry.inputs["kubernetesGroups"] == (at(subject, "name"),)
        assert entry.inputs["type"] == "STANDARD"
    assert entries == {}


def test_a_team_that_names_no_role_has_no_entry(planned: Planned, everything: Sections) -> None:
    plan = planned(**everything | {"tenants": {"dev": {}}})

    assert {str(each.inputs["principalArn"]) for each in plan.of_type(ENTRY)} == {OPS}
    assert plan.outputs["namespaces"] == '["dev"]'


def test_a_team_is_no_administrator(whole: Plan) -> None:
    associated = {
        str(each.inputs["principalArn"])
        for each in whole.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    }

    assert associated == {OPS}


def test_every_team_has_the_policies_of_the_network(whole: Plan) -> None:
    names = [str(each.id).split("/") for each in whole.of_type(POLICY)]

    for namespace in ("dev", "prod"):
        assert "default-deny" in {name for place, name in names if place == namespace}
    assert {place for place, _ in names} == {"dev", "prod"}


def test_the_demonstrations_bucket_is_closed(whole: Plan) -> None:
    bucket = whole.named("eks-irsa-demo-test")
    settings = {each.type.rpartition(":")[2]: each.inputs for each in whole.children(bucket.parent)}

    assert bucket.inputs["forceDestroy"] is True
    blocked = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(settings["BucketPublicAccessBlock"][each] is True for each in blocked)
    assert at(settings["BucketOwnershipControls"], "rule", "objectOwnership") == "BucketOwnerEnforced"
    (statement,) = json.loads(str(settings["BucketPolicy"]["policy"]))["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert {str(inputs["bucket"]) for inputs in settings.values()} == {str(whole.outputs["irsaDemoBucketName"])}


def test_the_demonstrations_role_reaches_its_bucket_alone(whole: Plan) -> None:
    arn = f"arn:aws:s3:::{whole.outputs['irsaDemoBucketName']}"
    resources = {each["Resource"] for each in policy_of(whole, "eks-irsa-demo-role-test")}

    assert resources == {arn, f"{arn}/*"}


@pytest.mark.parametrize(
    ("section", "name"),
    [("irsaDemo", "dev-irsa-demo-deployment-test"), ("spotDemo", "dev-spot-demo-deployment-test")],
)
def test_demonstrations_run_pods_only_when_asked(
    planned: Planned, everything: Sections, whole: Plan, section: str, name: str
) -> None:
    without = planned(**everything | {"kubernetes": {}})

    assert name in {each.name for each in whole}, section
    assert name not in {each.name for each in without}


def test_the_spot_demonstration_bears_the_taints_of_spot_nodes(planned: Planned, everything: Sections) -> None:
    taint = {"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}
    groups: Sections = {
        "on-demand": {"taints": [taint | {"key": "other"}]},
        "spot": {"capacityType": "SPOT", "instanceTypes": ["t3.medium"], "taints": [taint]},
        "plain": {},
    }

    plan = planned(**everything | {"nodeGroups": groups})

    pod = at(plan.named("dev-spot-demo-deployment-test").inputs, "spec", "template", "spec")
    assert [at(each, "key") for each in at(pod, "tolerations")] == ["spot"]


def test_the_handler_of_interruptions_can_be_left_out_alone(planned: Planned, everything: Sections) -> None:
    kubernetes = {"nodeTerminationHandler": {"enabled": False}, "spotDemo": {"enabled": True}}

    plan = planned(**everything | {"kubernetes": kubernetes})

    assert "aws-node-termination-handler-release-test" not in {each.name for each in plan}
    assert plan.named("dev-spot-demo-deployment-test")


def test_what_is_in_the_cluster_is_no_input_of_the_platform(whole: Plan) -> None:
    for component in (whole.named("platform-test"), whole.named("tenancy-test"), whole.named("in-cluster-test")):
        assert "ResourceQuota" not in repr(component.inputs)
    assert at(whole.named("tenancy-test").inputs, "tenants", "dev", "group") == "team-dev"
