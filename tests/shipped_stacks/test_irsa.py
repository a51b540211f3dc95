"""IRSA end to end: a service account's token from the API server, and what AWS gives for it."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any, cast

import boto3
import pytest
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from seatrial.rehearsal.credentials import AccessKey

pytestmark = [pytest.mark.rehearsal, pytest.mark.filterwarnings("ignore::ResourceWarning")]

_DENIED = {"AccessDenied", "AccessDeniedException", "InvalidIdentityToken", "ExpiredTokenException", "ExpiredToken"}


def _assume(running: Any, role: str, token: str) -> AccessKey:
    """Do what an SDK does in a pod: no credentials but the token."""
    make = cast("Callable[..., Any]", getattr(boto3, "client"))  # noqa: B009 (an attribute of unknown type)
    sts = make(
        "sts",
        region_name=running.endpoint.region,
        endpoint_url=running.endpoint.url,
        verify=running.endpoint.ca,
        config=Config(signature_version=UNSIGNED),
    )
    answer = sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="pod", WebIdentityToken=token)
    made = answer["Credentials"]
    return AccessKey(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def _refused(running: Any, role: str, token: str) -> str:
    with pytest.raises(ClientError) as refused:
        _assume(running, role, token)
    error = cast("Any", refused.value)
    return str(error.response["Error"]["Code"])


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def _signed(token: str, key: rsa.RSAPrivateKey, **changed: Any) -> str:
    """Sign a token anew, its claims changed."""
    header, claims = token.split(".", maxsplit=1)[0], json.dumps({**_claims(token), **changed}).encode()
    content = f"{header}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}"
    signature = key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _own_key(running: Any) -> rsa.RSAPrivateKey:
    """Take the key that the cluster signs with, as only its control plane can."""
    for path in running.state.account.rglob("*"):
        if path.is_file() and path.stat().st_size < 10_000 and "service-account" in path.name:
            key = serialization.load_pem_private_key(path.read_bytes(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            return key
    raise AssertionError("the control plane has no key for the tokens of service accounts")


@pytest.fixture
def role(dev: Any) -> str:
    return dev.outputs["irsaDemoRoleArn"]


@pytest.fixture
def bucket(dev: Any) -> str:
    return dev.outputs["irsaDemoBucketName"]


def test_the_demo_reads_and_writes_its_bucket(dev: Any, role: str, bucket: str) -> None:
    s3 = dev.aws("s3", _assume(dev, role, dev.token("dev", "irsa-demo-sa")))

    s3.put_object(Bucket=bucket, Key="letter", Body=b"sea trial")

    assert s3.get_object(Bucket=bucket, Key="letter")["Body"].read() == b"sea trial"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["letter"]


def test_the_demo_reaches_no_other_bucket(dev: Any, role: str) -> None:
    dev.aws("s3").create_bucket(
        Bucket="somebody-elses", CreateBucketConfiguration={"LocationConstraint": dev.endpoint.region}
    )
    dev.aws("s3").put_object(Bucket="somebody-elses", Key="letter", Body=b"private")
    s3 = dev.aws("s3", _assume(dev, role, dev.token("dev", "irsa-demo-sa")))
    try:
        for call, more in (("get_object", {}), ("put_object", {"Body": b"mine"})):
            with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
                getattr(s3, call)(Bucket="somebody-elses", Key="letter", **more)
        with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
            s3.list_objects_v2(Bucket="somebody-elses")
    finally:
        dev.aws("s3").delete_object(Bucket="somebody-elses", Key="letter")
        dev.aws("s3").delete_bucket(Bucket="somebody-elses")


def test_the_demo_may_do_nothing_else_in_the_account(dev: Any, role: str) -> None:
    key = _assume(dev, role, dev.token("dev", "irsa-demo-sa"))

    with pytest.raises(ClientError, match="not authorized"):
        dev.aws("ec2", key).describe_instances()
    with pytest.raises(ClientError, match="not authorized"):
        dev.aws("iam", key).list_roles()


def test_the_same_account_in_another_namespace_is_denied(dev: Any, role: str) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "irsa-demo-sa", "namespace": "prod"}}
    dev.cluster().apply(account, "test")
    try:
        assert _refused(dev, role, dev.token("prod", "irsa-demo-sa")) in _DENIED
    finally:
        dev.cluster().delete("v1", "ServiceAccount", "irsa-demo-sa", "prod")


def test_another_account_of_the_namespace_is_denied(dev: Any, role: str) -> None:
    assert _refused(dev, role, dev.token("dev", "default")) in _DENIED


def test_a_token_for_another_audience_is_denied(dev: Any, role: str) -> None:
    token = dev.token("dev", "irsa-demo-sa", "https://kubernetes.default.svc")

    assert _refused(dev, role, token) in _DENIED


def test_an_expired_token_is_denied(dev: Any, role: str) -> None:
    token, key, now = dev.token("dev", "irsa-demo-sa"), _own_key(dev), int(time.time())

    assert _assume(dev, role, _signed(token, key)).id
    expired = _signed(token, key, iat=now - 7200, nbf=now - 7200, exp=now - 3600)
    assert _refused(dev, role, expired) in _DENIED


def test_a_token_with_a_foreign_signature_is_denied(dev: Any, role: str) -> None:
    forged = _signed(dev.token("dev", "irsa-demo-sa"), rsa.generate_private_key(public_exponent=65537, key_size=2048))

    assert _refused(dev, role, forged) in _DENIED


CONTROLLERS = [
    ("aws-load-balancer-controller", "loadBalancerControllerRoleArn", ("elbv2", "describe_load_balancers")),
    ("cluster-autoscaler", "clusterAutoscalerRoleArn", ("autoscaling", "describe_auto_scaling_groups")),
    ("ebs-csi-controller-sa", "ebsCsiRoleArn", ("ec2", "describe_availability_zones")),
    ("aws-node", "vpcCniRoleArn", ("ec2", "describe_network_interfaces")),
]
"""Service account in kube-system, the output of its role, a call that it can't do without."""


@pytest.mark.parametrize(("account", "output", "call"), CONTROLLERS, ids=[account for account, *_ in CONTROLLERS])
def test_a_controller_gets_its_own_role_and_nobody_else_does(
    running: Any, account: str, output: str, call: tuple[str, str]
) -> None:
    role, (service, operation) = running.outputs[output], call

    key = _assume(running, role, running.token("kube-system", account))

    getattr(running.aws(service, key), operation)()
    others = [other for other, *_ in CONTROLLERS if other != account]
    assert {_refused(running, role, running.token("kube-system", other)) for other in others} <= _DENIED
    assert _refused(running, role, running.token("dev", "default")) in _DENIED
    with pytest.raises(ClientError, match="not authorized"):
        running.aws("iam", key).create_user(UserName="mallory")


def test_the_annotated_account_names_the_role_that_it_gets(dev: Any, role: str) -> None:
    account = dev.cluster().get(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "irsa-demo-sa", "namespace": "dev"}}
    )

    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == role
    assert account["automountServiceAccountToken"] is False
