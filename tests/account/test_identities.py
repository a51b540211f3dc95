"""IAM, KMS and CloudWatch Logs: what is added to MiniStack."""

import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from seatrial.rehearsal.account.iam import managed

EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
TAGS = [{"Key": "a", "Value": "b"}]


def trust(principal: object) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


def test_the_managed_policies_are_those_of_aws() -> None:
    known = json.loads(aws_managed_policies_data)

    for name, document in managed.documents().items():
        path, _, plain = name.rpartition("/")
        assert known[plain]["Document"] == document
        assert known[plain]["Path"] == (f"/{path}/" if path else "/")


@pytest.mark.parametrize(
    "name",
    [
        "AmazonEKSClusterPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
        "AmazonEKS_CNI_Policy",
        "AmazonEBSCSIDriverPolicyV2",
        "service-role/AmazonEBSCSIDriverPolicy",
    ],
)
def test_a_platform_finds_the_policies_that_it_attaches(account: Any, name: str) -> None:
    role = account.role("ec2.amazonaws.com", name).rpartition("/")[2]

    attached = account.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]

    assert [it["PolicyArn"] for it in attached] == [f"arn:aws:iam::aws:policy/{name}"]


@pytest.mark.parametrize(
    "name", ["NoSuchPolicy", "service-role/AmazonEBSCSIDriverPolicyV2"], ids=["unknown", "wrong path"]
)
def test_a_policy_that_is_not_there_is_not_attached(account: Any, name: str) -> None:
    role = account.role("ec2.amazonaws.com").rpartition("/")[2]

    told = account.refusal("iam", "attach_role_policy", RoleName=role, PolicyArn=f"arn:aws:iam::aws:policy/{name}")

    assert told.startswith("NoSuchEntity: ")


TRUSTS: dict[str, tuple[str, str]] = {
    "not JSON": ("no", "This policy contains invalid Json"),
    "no statement": ("{}", "This policy contains invalid Json"),
    "no principal": (EVERYTHING, "Syntax errors in policy"),
    "role missing": (trust({"AWS": "arn:aws:iam::000000000000:role/missing"}), "Invalid principal in policy"),
    "user missing": (trust({"AWS": ["arn:aws:iam::000000000000:user/missing"]}), "Invalid principal in policy"),
}


@pytest.mark.parametrize(("document", "text"), TRUSTS.values(), ids=TRUSTS)
def test_a_trust_policy_that_aws_refuses_is_refused(account: Any, document: str, text: str) -> None:
    role = account.role("ec2.amazonaws.com").rpartition("/")[2]

    created = account.refusal("iam", "create_role", RoleName="never", AssumeRolePolicyDocument=document)
    updated = account.refusal("iam", "update_assume_role_policy", RoleName=role, PolicyDocument=document)

    assert created.startswith("MalformedPolicyDocument: ")
    assert text in created
    assert text in updated


def test_principals_that_may_be_there_are_accepted(account: Any) -> None:
    known = account.role("ec2.amazonaws.com")
    others = ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::111122223333:role/x", known, "arn:aws:iam::000000000000:root"]}]
    single = json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "NotAction": "s3:*"}})

    for document in [*map(trust, others), single]:
        account.client("iam").create_role(RoleName=account.name("role"), AssumeRolePolicyDocument=document)


def test_a_policy_is_deleted_without_older_versions(account: Any) -> None:
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName=account.name("policy"), PolicyDocument=EVERYTHING)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=EVERYTHING, SetAsDefault=True)

    told = account.refusal("iam", "delete_policy", PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)

    assert "more than one version" in told
    assert "NoSuchEntity" in account.refusal("iam", "get_policy", PolicyArn=arn)


def test_an_identity_provider_keeps_clients_thumbprints_and_tags(account: Any) -> None:
    iam, issuer = account.client("iam"), f"localhost:4566/oidc/id/{account.name()}"
    made = iam.create_open_id_connect_provider(
        Url=f"https://{issuer}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40], Tags=TAGS
    )
    arn = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}

    before = iam.get_open_id_connect_provider(**arn)
    iam.add_client_id_to_open_id_connect_provider(**arn, ClientID="other")
    iam.remove_client_id_from_open_id_connect_provider(**arn, ClientID="sts.amazonaws.com")
    iam.update_open_id_connect_provider_thumbprint(**arn, ThumbprintList=["b" * 40])
    iam.tag_open_id_connect_provider(**arn, Tags=[{"Key": "c", "Value": "d"}])
    iam.untag_open_id_connect_provider(**arn, TagKeys=["a"])
    after = iam.get_open_id_connect_provider(**arn)

    assert (before["Url"], before["ClientIDList"], before["Tags"]) == (issuer, ["sts.amazonaws.com"], TAGS)
    assert (after["ClientIDList"], after["ThumbprintList"]) == (["other"], ["b" * 40])
    assert iam.list_open_id_connect_provider_tags(**arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    iam.delete_open_id_connect_provider(**arn)
    assert "NoSuchEntity" in account.refusal("iam", "get_open_id_connect_provider", **arn)


def test_an_issuer_is_https(account: Any) -> None:
    told = account.refusal("iam", "create_open_id_connect_provider", Url="http://localhost/x")

    assert "Invalid Open ID Connect Provider URL" in told


def test_a_key_that_waits_for_its_deletion_is_left_alone(account: Any) -> None:
    kms, alias = account.client("kms"), f"alias/{account.name()}"
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=alias, TargetKeyId=key)
    kms.enable_key_rotation(KeyId=alias, RotationPeriodInDays=180)

    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    for operation, parameters in (
        ("enable_key_rotation", {"KeyId": key}),
        ("schedule_key_deletion", {"KeyId": key}),
        ("create_alias", {"AliasName": f"{alias}-2", "TargetKeyId": key}),
    ):
        assert account.refusal("kms", operation, **parameters).startswith("KMSInvalidStateException: "), operation
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180
    kms.delete_alias(AliasName=alias)


def test_a_key_policy_that_aws_refuses_is_refused(account: Any) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]["KeyId"]
    missing = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::000000000000:role/missing"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ]
        }
    )

    for document in ("no", missing):
        told = account.refusal("kms", "put_key_policy", KeyId=key, PolicyName="default", Policy=document)
        assert told.startswith("MalformedPolicyDocumentException: ")
        assert "Malformed" in account.refusal("kms", "create_key", Policy=document)


def service_policy(pattern: str, action: object = "kms:*", principal: object = None) -> str:
    service = principal or {"Service": "logs.us-east-2.amazonaws.com"}
    condition = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": pattern}}
    own = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    logs = {"Effect": "Allow", "Principal": service, "Action": action, "Resource": "*", "Condition": condition}
    return json.dumps({"Statement": [own, logs]})


def key_with(account: Any, policy: str) -> str:
    return account.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]


def test_a_log_group_is_encrypted_with_a_key_that_admits_the_service(account: Any) -> None:
    logs, name = account.client("logs"), account.name("/group/")
    group = f"arn:aws:logs:us-east-2:000000000000:log-group:{name}"
    key = key_with(account, service_policy(group, ["kms:Encrypt*", "kms:GenerateDataKey*"]))

    logs.create_log_group(logGroupName=name, kmsKeyId=key)
    logs.disassociate_kms_key(logGroupName=name)
    plain = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    logs.associate_kms_key(logGroupName=name, kmsKeyId=key)

    assert "kmsKeyId" not in plain
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["kmsKeyId"] == key
    told = account.refusal("logs", "associate_kms_key", logGroupName="/no/such", kmsKeyId=key)
    assert "is not allowed to be used" in told
    assert "ResourceNotFoundException" in account.refusal("logs", "disassociate_kms_key", logGroupName="/no/such")


KEYS: dict[str, str] = {
    "other group": service_policy("arn:aws:logs:us-east-2:000000000000:log-group:/other"),
    "other action": service_policy("*", "kms:Decrypt"),
    "other service": service_policy("*", principal={"Service": "s3.amazonaws.com"}),
    "anybody": service_policy("*", principal="*"),
}


@pytest.mark.parametrize("policy", KEYS.values(), ids=KEYS)
def test_a_key_that_keeps_the_service_out_is_refused(account: Any, policy: str) -> None:
    key = key_with(account, policy)

    told = account.refusal("logs", "create_log_group", logGroupName=account.name("/group/"), kmsKeyId=key)

    assert told.startswith("InvalidParameterException: The specified KMS key does not exist or is not allowed")


def test_a_key_is_named_by_its_arn_and_enabled(account: Any) -> None:
    key = key_with(account, service_policy("*"))
    account.client("kms").disable_key(KeyId=key)

    for given in (key, key.rpartition("/")[2], f"{key}0"):
        told = account.refusal("logs", "create_log_group", logGroupName=account.name("/group/"), kmsKeyId=given)
        assert "is not allowed to be used with Arn" in told
