"""Clusters: what is kept, the states, the refusals, and what EKS makes and removes elsewhere."""

from typing import Any

import pytest

SECRETS = ["secrets"]


def test_a_cluster_becomes_active_and_gives_back_all_it_was_given(account: Any) -> None:
    vpc = account.vpc()
    subnets = account.subnets(vpc, "abc")
    group = account.client("ec2").create_security_group(GroupName="own", Description="own", VpcId=vpc)["GroupId"]
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    name, eks = account.name("cluster"), account.client("eks")
    given: dict[str, Any] = {
        "version": "1.35",
        "roleArn": account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy"),
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        "encryptionConfig": [{"resources": SECRETS, "provider": {"keyArn": key}}],
        "upgradePolicy": {"supportType": "STANDARD"},
        "zonalShiftConfig": {"enabled": True},
        "deletionProtection": True,
        "tags": {"team": "a"},
        "controlPlaneScalingConfig": {"tier": "tier-xl"},
    }
    wanted = {
        "subnetIds": subnets,
        "securityGroupIds": [group],
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
    }

    created = eks.create_cluster(
        name=name,
        resourcesVpcConfig=wanted,
        kubernetesNetworkConfig={"serviceIpv4Cidr": "10.100.0.0/16"},
        logging={"clusterLogging": [{"types": ["audit", "api"], "enabled": True}]},
        bootstrapSelfManagedAddons=False,
        **given,
    )["cluster"]
    account.wait()
    cluster = eks.describe_cluster(name=name)["cluster"]

    assert created["status"] == "CREATING"
    assert not {"endpoint", "certificateAuthority", "identity"} & created.keys()
    assert cluster["status"] == "ACTIVE"
    assert {member: cluster[member] for member in given} == given
    assert wanted.items() <= cluster["resourcesVpcConfig"].items()
    assert cluster["resourcesVpcConfig"]["vpcId"] == vpc
    assert cluster["kubernetesNetworkConfig"] == {
        "serviceIpv4Cidr": "10.100.0.0/16",
        "ipFamily": "ipv4",
        "elasticLoadBalancing": {"enabled": False},
    }
    assert cluster["logging"]["clusterLogging"] == [
        {"types": ["api", "audit"], "enabled": True},
        {"types": ["authenticator", "controllerManager", "scheduler"], "enabled": False},
    ]
    assert cluster["arn"] == f"arn:aws:eks:us-east-2:000000000000:cluster/{name}"
    assert cluster["endpoint"].endswith(".gr7.us-east-2.eks.amazonaws.com")
    assert name in eks.list_clusters()["clusters"]


def test_what_is_left_out_gets_the_defaults_of_aws(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(accessConfig={}, bootstrapSelfManagedAddons=True)

    found = cluster.describe()

    assert found["version"] == "1.36"
    assert found["upgradePolicy"] == {"supportType": "EXTENDED"}
    assert found["zonalShiftConfig"] == {"enabled": False}
    assert found["deletionProtection"] is False
    assert found["accessConfig"] == {
        "bootstrapClusterCreatorAdminPermissions": True,
        "authenticationMode": "CONFIG_MAP",
    }
    assert found["resourcesVpcConfig"]["publicAccessCidrs"] == ["0.0.0.0/0"]
    assert found["resourcesVpcConfig"]["endpointPublicAccess"] is True


def test_ec2_shows_the_security_group_and_the_interfaces_of_a_cluster(account: Any, cluster: Any) -> None:
    ec2 = account.client("ec2")
    identity = cluster.describe()["resourcesVpcConfig"]["clusterSecurityGroupId"]

    group = ec2.describe_security_groups(GroupIds=[identity])["SecurityGroups"][0]
    inside = [{"Name": "group-id", "Values": [identity]}]
    interfaces = ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"]

    assert {tag["Key"]: tag["Value"] for tag in group["Tags"]} == {
        "Name": group["GroupName"],
        "aws:eks:cluster-name": cluster.name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
    }
    assert {interface["SubnetId"] for interface in interfaces} == set(cluster.subnets)
    assert {interface["Description"] for interface in interfaces} == {f"Amazon EKS {cluster.name}"}


def test_a_deleted_cluster_takes_everything_with_it(account: Any, cluster: Any) -> None:
    ec2 = account.client("ec2")
    identity = cluster.describe()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    cluster.add("vpc-cni")

    deleted = cluster.eks.delete_cluster(name=cluster.name)["cluster"]
    account.wait()

    assert deleted["status"] == "DELETING"
    assert cluster.name not in cluster.eks.list_clusters()["clusters"]
    assert "ResourceNotFoundException: No cluster found" in cluster.refusal("describe_cluster", name=cluster.name)
    assert "InvalidGroup.NotFound" in account.refusal("ec2", "describe_security_groups", GroupIds=[identity])
    inside = [{"Name": "vpc-id", "Values": [cluster.vpc]}]
    assert ec2.describe_network_interfaces(Filters=inside)["NetworkInterfaces"] == []


def test_a_cluster_recreates_a_log_group_that_is_deleted_before_it(account: Any, make_cluster: Any) -> None:
    logging = {"clusterLogging": [{"types": ["audit"], "enabled": True}]}
    cluster, logs = make_cluster(logging=logging), account.client("logs")
    group = f"/aws/eks/{cluster.name}/cluster"

    logs.delete_log_group(logGroupName=group)

    assert [it["logGroupName"] for it in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]] == [group]


def test_without_logging_there_is_no_log_group(account: Any, cluster: Any) -> None:
    group = f"/aws/eks/{cluster.name}/cluster"

    assert account.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []


def test_the_creator_becomes_administrator_unless_told_otherwise(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    root = "arn:aws:iam::000000000000:root"

    entries = cluster.eks.list_access_entries(clusterName=cluster.name)["accessEntries"]
    policies = cluster.eks.list_associated_access_policies(clusterName=cluster.name, principalArn=root)

    assert entries == [root]
    assert [it["policyArn"].rpartition("/")[2] for it in policies["associatedAccessPolicies"]] == [
        "AmazonEKSClusterAdminPolicy"
    ]


def test_a_session_that_creates_a_cluster_makes_its_role_administrator(account: Any) -> None:
    iam = account.client("iam")
    name = account.name("deployer")
    trust = (
        '{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole"}]}'
    )
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=everything)
    session = account.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    credentials = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    vpc = account.vpc()
    cluster, eks = account.name("cluster"), account.client("eks", credentials)

    eks.create_cluster(
        name=cluster,
        roleArn=account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy"),
        resourcesVpcConfig={"subnetIds": account.subnets(vpc)},
        accessConfig={"authenticationMode": "API"},
    )
    account.wait()

    assert eks.list_access_entries(clusterName=cluster)["accessEntries"] == [role]


MISSING = "arn:aws:iam::000000000000:role/missing"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown version": ({"version": "1.20"}, "InvalidParameterException: unsupported Kubernetes version"),
    "role missing": ({"roleArn": MISSING}, "InvalidParameterException: Role with arn"),
    "bad name": ({"name": "-no"}, "InvalidParameterException: name: -no does not match"),
    "long name": ({"name": "a" * 101}, "InvalidParameterException: length of name is 101"),
    "unknown log type": (
        {"logging": {"clusterLogging": [{"types": ["kubelet"], "enabled": True}]}},
        "InvalidParameterException: logging.clusterLogging.types: kubelet is not one of",
    ),
    "unknown support": ({"upgradePolicy": {"supportType": "FOREVER"}}, "upgradePolicy.supportType: FOREVER"),
    "key missing": (
        {"encryptionConfig": [{"resources": SECRETS, "provider": {"keyArn": "arn:aws:kms:us-east-2:0:key/no"}}]},
        "InvalidParameterException: The keyArn in encryptionConfig provider is invalid",
    ),
    "two keys": ({"encryptionConfig": [{}, {}]}, "number of encryptionConfig is 2; allowed: 0 to 1"),
    "too many tags": ({"tags": {str(n): "" for n in range(51)}}, "number of tags is 51; allowed: 1 to 50"),
}


@pytest.mark.parametrize(("changes", "text"), REFUSED.values(), ids=REFUSED)
def test_a_cluster_that_aws_would_refuse_is_refused(account: Any, changes: dict[str, Any], text: str) -> None:
    role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
    network = {"subnetIds": account.subnets(account.vpc())}
    given = {"name": account.name(), "roleArn": role, "resourcesVpcConfig": network, **changes}

    assert text in account.refusal("eks", "create_cluster", **given)


def test_a_key_encrypts_secrets_only(account: Any) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    given = {"encryptionConfig": [{"resources": ["pods"], "provider": {"keyArn": key}}]}
    role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
    network = {"subnetIds": account.subnets(account.vpc())}

    told = account.refusal("eks", "create_cluster", name="x", roleArn=role, resourcesVpcConfig=network, **given)

    assert told == "InvalidParameterException: encryptionConfig resources must be [secrets]"


@pytest.mark.parametrize(
    ("service", "policies", "text"),
    [
        ("ec2.amazonaws.com", ["AmazonEKSClusterPolicy"], "the trusted entity is not correct"),
        ("eks.amazonaws.com", [], "is not authorized to perform ec2:DescribeSubnets"),
    ],
    ids=["wrong service", "no policy"],
)
def test_a_role_that_eks_can_not_use_is_refused(account: Any, service: str, policies: list[str], text: str) -> None:
    role = account.role(service, *policies)
    network = {"subnetIds": account.subnets(account.vpc())}

    assert text in account.refusal("eks", "create_cluster", name="x", roleArn=role, resourcesVpcConfig=network)


def test_subnets_are_in_two_zones_of_one_network_with_groups_of_it(account: Any) -> None:
    role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
    here, there = account.vpc(), account.vpc()
    subnets, others = account.subnets(here), account.subnets(there)
    group = account.client("ec2").create_security_group(GroupName="g", Description="g", VpcId=there)["GroupId"]

    def told(**network: Any) -> str:
        return account.refusal("eks", "create_cluster", name="x", roleArn=role, resourcesVpcConfig=network)

    assert "at least two different AZs" in told(subnetIds=subnets[:1])
    assert "in the same VPC" in told(subnetIds=[subnets[0], others[1]])
    assert "InvalidSubnetID.NotFound" in told(subnetIds=[*subnets, "subnet-00000000000000000"])
    assert "InvalidGroup.NotFound" in told(subnetIds=subnets, securityGroupIds=["sg-00000000000000000"])
    assert "are not in the same VPC" in told(subnetIds=subnets, securityGroupIds=[group])
    assert "cannot be false" in told(subnetIds=subnets, endpointPublicAccess=False)


def test_a_name_is_given_once(account: Any, cluster: Any) -> None:
    given = {"name": cluster.name, "roleArn": cluster.role, "resourcesVpcConfig": {"subnetIds": cluster.subnets}}

    assert "ResourceInUseException: Cluster already exists" in cluster.refusal("create_cluster", **given)


def test_deletion_waits_for_protection_updates_and_node_groups(account: Any, make_cluster: Any) -> None:
    cluster = make_cluster(deletionProtection=True, bootstrapSelfManagedAddons=True)
    name = cluster.name

    assert "InvalidRequestException" in cluster.refusal("delete_cluster", name=name)
    cluster.eks.update_cluster_config(name=name, deletionProtection=False)
    account.wait()
    cluster.eks.update_cluster_config(name=name, zonalShiftConfig={"enabled": True})
    assert "currently has an update in progress" in cluster.refusal("delete_cluster", name=name)
    account.wait()
    cluster.group()
    assert "Cluster has nodegroups attached" in cluster.refusal("delete_cluster", name=name)


def test_nothing_is_made_in_a_cluster_that_is_not_active(account: Any) -> None:
    role = account.role("eks.amazonaws.com", "AmazonEKSClusterPolicy")
    name, network = account.name("cluster"), {"subnetIds": account.subnets(account.vpc())}
    account.client("eks").create_cluster(name=name, roleArn=role, resourcesVpcConfig=network)

    assert "is not in ACTIVE status" in account.refusal("eks", "create_addon", clusterName=name, addonName="vpc-cni")
    assert "is not in ACTIVE status" in account.refusal("eks", "update_cluster_version", name=name, version="1.36")


def test_an_injected_failure_ends_the_creation(account: Any, make_cluster: Any) -> None:
    rule = {"service": "eks", "operation": "CreateCluster", "kind": "fail", "message": "no room"}
    account.inject(rule)

    cluster = make_cluster()
    found = cluster.describe()

    assert found["status"] == "FAILED"
    assert found["health"]["issues"] == [{"code": "InternalFailure", "message": "no room", "resourceIds": []}]
    cluster.eks.delete_cluster(name=cluster.name)


def test_a_security_group_that_is_used_stays_behind(account: Any, cluster: Any) -> None:
    ec2 = account.client("ec2")
    group = cluster.describe()["resourcesVpcConfig"]["clusterSecurityGroupId"]
    ec2.create_network_interface(SubnetId=cluster.subnets[0], Groups=[group])

    cluster.eks.delete_cluster(name=cluster.name)
    account.wait()

    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert "DependencyViolation" in account.refusal("ec2", "delete_subnet", SubnetId=cluster.subnets[0])


def test_the_issuer_of_a_cluster_publishes_itself_and_its_key(account: Any, cluster: Any) -> None:
    issuer = cluster.describe()["identity"]["oidc"]["issuer"]
    path = issuer.removeprefix("https://localhost:4566")

    status, _, discovery = account.ask("GET", f"{path}/.well-known/openid-configuration")
    _, _, keys = account.ask("GET", f"{path}/keys")
    unknown, _, _ = account.ask("GET", "/oidc/id/0000/keys")

    assert status == 200
    assert f'"issuer": "{issuer}"'.encode() in discovery
    assert b'"kty": "RSA"' in keys
    assert account.ask("GET", f"{path}/keys")[2] == keys
    assert unknown == 400
