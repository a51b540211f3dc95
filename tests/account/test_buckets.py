"""S3: a session of a role reaches what its policy names and nothing else; buckets survive a kill, and are counted."""

import json
from typing import Any

import pytest

from seatrial.rehearsal.account import inventory


class Buckets:
    """A bucket of a role's own, another one, and a session of the role."""

    def __init__(self, account: Any) -> None:
        self.account, self.s3 = account, account.client("s3")
        self.own, self.other = account.name("own"), account.name("other")
        for name in (self.own, self.other):
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-east-2"})
            self.s3.put_object(Bucket=name, Key="kept", Body=b"of the root")
        self.session = account.client("s3", self._credentials())

    def _credentials(self) -> tuple[str, str, str]:
        iam, name = self.account.client("iam"), self.account.name("demo")
        trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]
        bucket = f"arn:aws:s3:::{self.own}"
        statements = [
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket},
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                "Resource": f"{bucket}/*",
            },
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy)
        assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role["Arn"]}
        sts = self.account.client("sts", self.account.user(assume))
        given = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="pod")["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    def refused(self, operation: str, **parameters: Any) -> str:
        with pytest.raises(self.s3.exceptions.ClientError) as raised:
            getattr(self.session, operation)(**parameters)
        refused: Any = raised.value
        return refused.response["Error"]["Code"]


@pytest.fixture
def buckets(account: Any) -> Buckets:
    return Buckets(account)


def test_a_session_reads_and_writes_the_bucket_of_its_role(buckets: Buckets) -> None:
    buckets.session.put_object(Bucket=buckets.own, Key="a/b", Body=b"written")

    assert buckets.session.get_object(Bucket=buckets.own, Key="a/b")["Body"].read() == b"written"
    listed = buckets.session.list_objects_v2(Bucket=buckets.own)["Contents"]
    assert [it["Key"] for it in listed] == ["a/b", "kept"]
    buckets.session.delete_object(Bucket=buckets.own, Key="a/b")
    assert buckets.session.list_objects_v2(Bucket=buckets.own)["KeyCount"] == 1


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("get_object", {"Key": "kept"}),
        ("put_object", {"Key": "new", "Body": b""}),
        ("delete_object", {"Key": "kept"}),
        ("list_objects_v2", {}),
        ("delete_bucket", {}),
        ("put_bucket_policy", {"Policy": "{}"}),
    ],
)
def test_it_reaches_no_other_bucket(buckets: Buckets, operation: str, parameters: dict[str, Any]) -> None:
    assert buckets.refused(operation, Bucket=buckets.other, **parameters) == "AccessDenied"


@pytest.mark.parametrize("operation", ["delete_bucket", "get_bucket_policy", "get_bucket_encryption"])
def test_what_the_policy_does_not_name_is_denied_in_its_own_bucket_too(buckets: Buckets, operation: str) -> None:
    assert buckets.refused(operation, Bucket=buckets.own) == "AccessDenied"
    assert buckets.refused("list_buckets") == "AccessDenied"


def settings(name: str) -> dict[str, dict[str, Any]]:
    """Every setting of a bucket, by the operation that makes it."""
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"}
    rule = {"ApplyServerSideEncryptionByDefault": encryption, "BucketKeyEnabled": True}
    every = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "put_bucket_encryption": {"ServerSideEncryptionConfiguration": {"Rules": [rule]}},
        "put_public_access_block": {"PublicAccessBlockConfiguration": dict.fromkeys(every, True)},
        "put_bucket_policy": {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [deny]})},
        "put_bucket_tagging": {"Tagging": {"TagSet": [{"Key": "Environment", "Value": "dev"}]}},
        "put_bucket_versioning": {"VersioningConfiguration": {"Status": "Enabled"}},
        "put_bucket_ownership_controls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    }


def seen(s3: Any, name: str) -> dict[str, Any]:
    return {
        "encryption": s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"],
        "access": s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"],
        "policy": json.loads(s3.get_bucket_policy(Bucket=name)["Policy"]),
        "tags": s3.get_bucket_tagging(Bucket=name)["TagSet"],
        "versioning": s3.get_bucket_versioning(Bucket=name)["Status"],
        "ownership": s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"],
        "content": s3.get_object(Bucket=name, Key="kept")["Body"].read(),
    }


def test_settings_and_content_of_a_bucket_survive_a_kill(account: Any, buckets: Buckets) -> None:
    for operation, parameters in settings(buckets.own).items():
        getattr(buckets.s3, operation)(Bucket=buckets.own, **parameters)
    before = seen(buckets.s3, buckets.own)
    account.restart()

    assert seen(buckets.s3, buckets.own) == before
    assert before["encryption"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert all(before["access"].values())
    assert before["versioning"] == "Enabled"
    assert before["content"] == b"of the root"


def test_a_session_survives_a_kill(account: Any, buckets: Buckets) -> None:
    account.restart()

    assert buckets.session.get_object(Bucket=buckets.own, Key="kept")["Body"].read() == b"of the root"
    assert buckets.refused("get_object", Bucket=buckets.other, Key="kept") == "AccessDenied"


def test_a_bucket_is_a_leftover_until_it_is_emptied_and_deleted(account: Any, buckets: Buckets) -> None:
    name = buckets.own
    assert name in inventory.leftovers(account.client)["s3 list_buckets"]
    with pytest.raises(buckets.s3.exceptions.ClientError, match="BucketNotEmpty"):
        buckets.s3.delete_bucket(Bucket=name)

    buckets.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    buckets.s3.put_object(Bucket=name, Key="kept", Body=b"again")
    buckets.s3.delete_object(Bucket=name, Key="kept")
    versions = buckets.s3.list_object_versions(Bucket=name)
    every = [*versions["Versions"], *versions["DeleteMarkers"]]
    objects = [{"Key": it["Key"], "VersionId": it["VersionId"]} for it in every]
    buckets.s3.delete_objects(Bucket=name, Delete={"Objects": objects})
    buckets.s3.delete_bucket(Bucket=name)

    assert len(objects) == 3
    assert name not in inventory.leftovers(account.client)["s3 list_buckets"]
    account.restart()
    assert name not in inventory.leftovers(account.client)["s3 list_buckets"]
