"""CloudWatch Logs: log groups by name or ARN."""

from collections.abc import Iterator

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.authorization.checks import Check, arn, carried, requested
from seatrial.rehearsal.account.calls import Call, document_of

_ABOUT_TAGS = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})


def checks(call: Call) -> Iterator[Check]:
    """Give every question that a call to CloudWatch Logs raises."""
    action, document = f"logs:{call.operation}", document_of(call.request.body)
    named = document.get("resourceArn") or document.get("resourceIdentifier") or ""
    name = document.get("logGroupName") or named.partition(":log-group:")[2].removesuffix(":*")
    tags = requested(document.get("tags", {}), document.get("tagKeys", []))
    if not name:
        # So AWS itself spells the resource of a call that lists.
        yield Check(action, arn("logs", "log-group::log-stream:"))
        return
    resource = arn("logs", f"log-group:{name}")
    # Calls about tags name the group alone, all others also its streams: a policy must end in ``:*`` to allow those.
    judged = resource if call.operation in _ABOUT_TAGS else f"{resource}:log-stream:"
    own = carried(emulator.store("cloudwatch_logs", "_log_groups").get(name, {}).get("tags", {}))
    yield Check(action, judged, {**own, **tags})
    if tags and call.operation == "CreateLogGroup":
        yield Check("logs:TagResource", resource, tags)
