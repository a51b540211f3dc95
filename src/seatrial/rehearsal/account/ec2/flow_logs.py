"""Flow logs with all that they are given, and AWS's refusals."""

import time

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import identifier, one, set_tags, several, tag_set, tags
from seatrial.rehearsal.account.eks import roles
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} "
    "${bytes} ${start} ${end} ${action} ${log-status}"
)

_KINDS = {
    "VPC": "VpcId",
    "Subnet": "SubnetId",
    "NetworkInterface": "NetworkInterfaceId",
    "RegionalNatGateway": "NatGatewayId",
}


def create(params: Params) -> Record:
    """CreateFlowLogs."""
    _check(params)
    created = [_make(params, resource) for resource in several(params, "ResourceId")]
    return {"flowLogIdSet": created, "unsuccessful": []}


def _check(params: Params) -> None:
    kind = one(params, "ResourceType")
    for resource in several(params, "ResourceId"):
        if kind not in _KINDS or resource not in store(_KINDS[kind]):
            raise RefusedError(f"Invalid{kind}Id.NotFound", f"The {kind} ID '{resource}' does not exist")
    role = one(params, "DeliverLogsPermissionArn")
    to_logs = one(params, "LogDestinationType", "cloud-watch-logs") == "cloud-watch-logs"
    found = roles.find(role)
    if to_logs and (found is None or not roles.admits(found, "vpc-flow-logs.amazonaws.com")):
        text = f"Unable to assume given IAM role: {role} does not exist or does not trust vpc-flow-logs.amazonaws.com"
        raise RefusedError("InvalidParameter", text)


def _make(params: Params, resource: str) -> str:
    number, destination = identifier("fl"), _destination(params)
    record: Record = {
        "FlowLogId": number,
        "ResourceId": resource,
        "TrafficType": one(params, "TrafficType"),
        "LogDestinationType": one(params, "LogDestinationType", "cloud-watch-logs"),
        "LogDestination": destination,
        "LogGroupName": _group(destination),
        "DeliverLogsPermissionArn": one(params, "DeliverLogsPermissionArn"),
        "LogFormat": one(params, "LogFormat", DEFAULT_FORMAT),
        "MaxAggregationInterval": int(one(params, "MaxAggregationInterval", "600")),
        "CreationTime": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "FlowLogStatus": "ACTIVE",
    }
    alike = {name: record[name] for name in ("ResourceId", "TrafficType", "LogDestination")}
    if any(alike.items() <= known.items() for known in store("FlowLogId").values()):
        text = "Error. There is an existing Flow Log with the same configuration and log destination."
        raise RefusedError("FlowLogAlreadyExists", text)
    store("FlowLogId")[number] = record
    set_tags(number, tags(params, "vpc-flow-log"))
    return number


def _destination(params: Params) -> str:
    named = one(params, "LogGroupName")
    group = f"arn:aws:logs:{emulator.region()}:{emulator.account()}:log-group:{named}"
    return group if named else one(params, "LogDestination").removesuffix(":*")


def _group(destination: str) -> str | None:
    return destination.partition(":log-group:")[2] or None


def delete(params: Params) -> Record:
    """DeleteFlowLogs."""
    for number in several(params, "FlowLogId"):
        del store("FlowLogId")[number]
        set_tags(number, {})
    return {"unsuccessful": []}


def shown(record: Record) -> Record:
    """Give a flow log as EC2 shows it."""
    named = {name[0].lower() + name[1:]: value for name, value in record.items()}
    return {**named, "deliverLogsStatus": "SUCCESS", "tagSet": tag_set(record["FlowLogId"])}
