import pytest

from seatrial.iam import endpoints
from seatrial.iam.account import Account


def test_s3_opens_the_accounts_buckets_to_its_own_principals(account: Account) -> None:
    own, _ = endpoints.s3(account)["Statement"]

    assert own.get("Condition") == {
        "StringEquals": {"aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012"},
    }


def test_s3_opens_the_buckets_that_nodes_read_for_reading(account: Account) -> None:
    _, of_aws = endpoints.s3(account)["Statement"]

    assert of_aws.get("Action") == ["s3:GetObject"]
    assert of_aws.get("Resource") == [
        "arn:aws:s3:::al2023-repos-us-east-2-de612dc2/*",
        "arn:aws:s3:::amazon-ssm-us-east-2/*",
        "arn:aws:s3:::prod-us-east-2-starport-layer-bucket/*",
    ]


@pytest.mark.parametrize(("service", "actions"), [("ec2", "ec2:*"), ("ecr.api", "ecr:*"), ("eks-auth", "eks-auth:*")])
def test_an_interface_admits_its_service_for_the_accounts_principals(
    account: Account, service: str, actions: str
) -> None:
    (statement,) = endpoints.interface(account, service)["Statement"]

    assert statement.get("Action") == [actions]
    assert statement.get("Condition") == {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}


def test_pods_without_credentials_may_ask_sts_for_the_accounts_roles(account: Account) -> None:
    own, tokens = endpoints.interface(account, "sts")["Statement"]

    assert own.get("Action") == ["sts:*"]
    assert tokens.get("Action") == ["sts:AssumeRoleWithWebIdentity"]
    assert tokens.get("Resource") == "arn:aws:iam::123456789012:role/*"
    assert "Condition" not in tokens
