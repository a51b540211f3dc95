"""Flow logs."""

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.aws.ec2.resource import TAGS, arn, described, tag_specifications, tags_of
from seatrial.rehearsal.providers.aws.refusals import Refusal
from seatrial.rehearsal.providers.aws.resource_type import Request, ResourceType, Traits
from seatrial.rehearsal.providers.aws.shapes import parameters, properties
from seatrial.rehearsal.providers.values import Value, Values

_SUBJECTS = {
    "vpcId": ("VPC", "vpc-"),
    "subnetId": ("Subnet", "subnet-"),
    "eniId": ("NetworkInterface", "eni-"),
    "transitGatewayId": ("TransitGateway", "tgw-"),
    "transitGatewayAttachmentId": ("TransitGatewayAttachment", "tgw-attach-"),
    "regionalNatGatewayId": ("RegionalNatGateway", "nat-"),
}
"""What can be watched: EC2's name for its kind, and how the ids start. The longest start that fits counts."""

_REQUEST = Request(
    service="ec2",
    operation="CreateFlowLogs",
    members={"iamRoleArn": "DeliverLogsPermissionArn", **dict.fromkeys(_SUBJECTS)},
)


def _create(cloud: Cloud, inputs: Values) -> str:
    subject = next(name for name in _SUBJECTS if inputs.get(name))
    answer = cloud.ec2(
        "CreateFlowLogs",
        ResourceIds=[inputs[subject]],
        ResourceType=_SUBJECTS[subject][0],
        **parameters(_REQUEST, inputs),
        **tag_specifications(cloud, "vpc-flow-log", inputs),
    )
    for item in answer.get("Unsuccessful", ()):
        raise Refusal("ec2 CreateFlowLogs", item["Error"]["Code"], item["Error"]["Message"])
    return answer["FlowLogIds"][0]


def _read(cloud: Cloud, identity: str, _: Values) -> Values:
    log = described(cloud, "DescribeFlowLogs", "FlowLogs", FlowLogIds=[identity])
    told = properties(_FLOW_LOG.schema.outputs, log, {"iamRoleArn": "DeliverLogsPermissionArn"}) | tags_of(log)
    fitting = (name for name, (_, start) in _SUBJECTS.items() if log["ResourceId"].startswith(start))
    subject = max(fitting, key=lambda name: len(_SUBJECTS[name][1]))
    return told | arn(cloud, "vpc-flow-log", identity) | {subject: log["ResourceId"]}


def _delete(cloud: Cloud, identity: str, _: Values) -> None:
    answer = cloud.ec2("DeleteFlowLogs", FlowLogIds=[identity])
    for item in answer.get("Unsuccessful", ()):
        raise Refusal("ec2 DeleteFlowLogs", item["Error"]["Code"], item["Error"]["Message"])


def _same_destination(old: Value, new: Value) -> bool:
    return old.removesuffix(":*") == new.removesuffix(":*")


_FLOW_LOG = ResourceType(
    type_name="aws:ec2/flowLog:FlowLog",
    request=_REQUEST,
    create=_create,
    read=_read,
    delete=_delete,
    traits=Traits(
        replaces=frozenset(
            {"deliverCrossAccountRole", "destinationOptions", "iamRoleArn", "logDestination", "logDestinationType"}
            | {"logFormat", "maxAggregationInterval", "tagFieldSpecifications", "trafficType", *_SUBJECTS}
        ),
        computed=frozenset({"destinationOptions", "logDestination", "logFormat"}),
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
        same={"logDestination": _same_destination},
        served=frozenset(_SUBJECTS),
        allowed={"maxAggregationInterval": (60, 600)},
    ),
    tags=TAGS,
)

TYPES = (_FLOW_LOG,)
