from seatrial.iam.account import Account


def test_arns_carry_partition_region_and_account(account: Account) -> None:
    assert account.arn("kms", "key/*") == "arn:aws:kms:us-east-2:123456789012:key/*"
    assert account.cluster_arn("one") == "arn:aws:eks:us-east-2:123456789012:cluster/one"
    assert account.log_group_arn("/a/b") == "arn:aws:logs:us-east-2:123456789012:log-group:/a/b"


def test_identities_have_no_region(account: Account) -> None:
    assert account.iam_arn("root") == "arn:aws:iam::123456789012:root"


def test_another_partition_shows_in_every_arn() -> None:
    china = Account(partition="aws-cn", dns_suffix="amazonaws.com.cn", account_id="123456789012", region="cn-north-1")

    assert china.arn("ec2", "vpc/*") == "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/*"
    assert china.iam_arn("role/x") == "arn:aws-cn:iam::123456789012:role/x"
