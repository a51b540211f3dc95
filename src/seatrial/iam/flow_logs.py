"""The role that delivers VPC flow logs."""

from seatrial.iam import trust
from seatrial.iam.account import Account
from seatrial.iam.document import Document, allow, document


def trust_document(account: Account) -> Document:
    """Trust the flow logs service, for this account's flow logs."""
    return trust.service_for("vpc-flow-logs.amazonaws.com", account, account.arn("ec2", "vpc-flow-log/*"))


def delivery_policy(account: Account, log_group: str) -> Document:
    """Let the service write into one log group, which exists already."""
    streams = f"{account.log_group_arn(log_group)}:*"
    return document(
        allow("Deliver", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], streams),
        allow("FindLogGroup", ["logs:DescribeLogGroups"], account.log_group_arn("*")),
    )
