from seatrial.iam import cluster, ebs_csi, flow_logs
from seatrial.iam.account import Account

KEY = "arn:aws:kms:us-east-2:123456789012:key/one"


def test_the_control_plane_uses_its_key_and_no_other() -> None:
    assert cluster.secrets_policy(KEY)["Statement"] == [
        {
            "Sid": "UseSecretsKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
            "Resource": KEY,
        },
    ]


def test_the_volume_driver_grants_its_key_to_aws_only() -> None:
    use, grant = ebs_csi.volumes_policy(KEY)["Statement"]

    assert (use.get("Resource"), grant.get("Resource")) == (KEY, KEY)
    assert use.get("Action") == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"]
    assert grant.get("Action") == ["kms:CreateGrant"]
    assert grant.get("Condition") == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_flow_logs_write_into_one_log_group(account: Account) -> None:
    deliver, find = flow_logs.delivery_policy(account, "eks-flow-logs-dev")["Statement"]

    assert deliver.get("Resource") == "arn:aws:logs:us-east-2:123456789012:log-group:eks-flow-logs-dev:*"
    assert deliver.get("Action") == ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    assert find.get("Action") == ["logs:DescribeLogGroups"]
