"""ARNs of what has no handler of its own: AWS's shape where it is often asked for, else the usual one.

Source: the resource types of each service in AWS's Service Authorization Reference.
"""

from collections.abc import Mapping
from typing import Final

from seatrial.plan.cloud import sdk
from seatrial.plan.cloud.order import ACCOUNT, Order

_SHAPES: Final[Mapping[str, str]] = {
    "aws:alb/targetGroup:TargetGroup": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{long}",
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:elasticache/cluster:Cluster": "elasticache:{region}:{account}:cluster:{name}",
    "aws:elasticache/replicationGroup:ReplicationGroup": "elasticache:{region}:{account}:replicationgroup:{name}",
    "aws:lambda/function:Function": "lambda:{region}:{account}:function:{name}",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": "firehose:{region}:{account}:deliverystream/{name}",
    "aws:lb/targetGroup:TargetGroup": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{long}",
    "aws:rds/cluster:Cluster": "rds:{region}:{account}:cluster:{name}",
    "aws:rds/instance:Instance": "rds:{region}:{account}:db:{name}",
    "aws:s3/bucketV2:BucketV2": "s3:::{name}",
    "aws:secretsmanager/secret:Secret": "secretsmanager:{region}:{account}:secret:{name}-{short}",
    "aws:sfn/stateMachine:StateMachine": "states:{region}:{account}:stateMachine:{name}",
    "aws:sns/topic:Topic": "sns:{region}:{account}:{name}",
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:ssm/parameter:Parameter": "ssm:{region}:{account}:parameter/{path}",
}
"""Type to what follows the partition."""

_SERVICES: Final[Mapping[str, str]] = {
    "acmpca": "acm-pca",
    "alb": "elasticloadbalancing",
    "apigatewayv2": "apigateway",
    "cognito": "cognito-idp",
    "docdb": "rds",
    "ebs": "ec2",
    "ec2transitgateway": "ec2",
    "efs": "elasticfilesystem",
    "elasticsearch": "es",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "lb": "elasticloadbalancing",
    "msk": "kafka",
    "neptune": "rds",
    "networkfirewall": "network-firewall",
    "opensearch": "es",
    "sfn": "states",
    "vpc": "ec2",
}
"""What the provider calls a service to what its ARNs call it, where that isn't the same."""

_GLOBAL: Final = frozenset({"cloudfront", "iam", "organizations"})
"""Services whose ARNs name no region."""


def of(order: Order, name: str) -> str:
    """Return the ARN of a resource of that name."""
    path, _, class_ = order.resource.type.removeprefix(sdk.PREFIX).partition(":")
    service = path.partition("/")[0]
    region = "" if service in _GLOBAL else order.region
    usual = f"{_SERVICES.get(service, service)}:{region}:{ACCOUNT}:{sdk.words(class_, '-')}/{name}"
    shape = _SHAPES.get(order.resource.type, "{usual}")
    told = shape.format(
        usual=usual,
        region=region,
        account=ACCOUNT,
        name=name,
        path=name.removeprefix("/"),
        short=order.digits(6),
        long=order.digits(16),
    )
    return f"arn:{order.partition}:{told}"
