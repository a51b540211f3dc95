import pytest

from seatrial.iam import keys
from seatrial.iam.account import Account
from seatrial.iam.document import Document


def policies(account: Account) -> dict[str, Document]:
    return {
        "secrets": keys.secrets(account),
        "logs": keys.logs(account, ["one", "two"]),
        "volumes": keys.volumes(account),
    }


@pytest.mark.parametrize("purpose", ["secrets", "logs", "volumes"])
def test_the_account_can_always_manage_its_keys(account: Account, purpose: str) -> None:
    first = policies(account)[purpose]["Statement"][0]

    assert first == {
        "Sid": "AccountDecides",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": ["kms:*"],
        "Resource": "*",
    }


@pytest.mark.parametrize("purpose", ["secrets", "logs", "volumes"])
def test_whoever_is_not_named_is_held_by_a_condition(account: Account, purpose: str) -> None:
    for statement in policies(account)[purpose]["Statement"]:
        assert statement.get("Principal") != "*"
        assert statement.get("Principal") != {"AWS": "*"} or statement.get("Condition")


def test_only_the_account_is_in_the_secrets_keys_policy(account: Account) -> None:
    assert len(keys.secrets(account)["Statement"]) == 1


def test_cloudwatch_may_encrypt_the_named_log_groups_only(account: Account) -> None:
    statement = keys.logs(account, ["two", "one"])["Statement"][1]

    assert statement.get("Principal") == {"Service": "logs.us-east-2.amazonaws.com"}
    assert statement.get("Condition") == {
        "ArnLike": {
            "kms:EncryptionContext:aws:logs:arn": [
                "arn:aws:logs:us-east-2:123456789012:log-group:one",
                "arn:aws:logs:us-east-2:123456789012:log-group:two",
            ],
        },
    }


def test_volumes_are_encrypted_through_ec2_by_the_account_only(account: Account) -> None:
    _, use, grant = keys.volumes(account)["Statement"]
    through = {"kms:CallerAccount": "123456789012", "kms:ViaService": "ec2.us-east-2.amazonaws.com"}

    assert use.get("Condition") == {"StringEquals": through}
    assert use.get("Action") == [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
    ]
    assert grant.get("Action") == ["kms:CreateGrant"]
    assert grant.get("Condition") == {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_china_has_principals_of_its_own() -> None:
    china = Account(partition="aws-cn", dns_suffix="amazonaws.com.cn", account_id="123456789012", region="cn-north-1")

    assert keys.logs(china, ["one"])["Statement"][1].get("Principal") == {
        "Service": "logs.cn-north-1.amazonaws.com.cn",
    }
