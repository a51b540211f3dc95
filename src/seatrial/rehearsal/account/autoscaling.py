"""Auto Scaling's operation by which autoscalers end machines; MiniStack lacks it."""

from xml.sax.saxutils import escape

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Call, Params
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError

OPERATION = "TerminateInstanceInAutoScalingGroup"


def answer(call: Call) -> Reply | None:
    """Answer what is answered here; nothing when MiniStack answers."""
    return _terminate(call.request.query) if call.operation == OPERATION else None


def _terminate(params: Params) -> Reply:
    instance = params["InstanceId"][0]
    group = _group(instance)
    smaller = params["ShouldDecrementDesiredCapacity"][0] == "true"
    if smaller and group["DesiredCapacity"] <= group["MinSize"]:
        raise RefusedError(
            "ValidationError",
            f"Currently, desiredSize equals minSize ({group['MinSize']}). Terminating instance without replacement "
            "will violate group's min size constraint.",
        )
    group["Instances"] = [it for it in group["Instances"] if it["InstanceId"] != instance]
    group["DesiredCapacity"] -= int(smaller)
    emulator.member(emulator.service("autoscaling"), "_reconcile_instances")(group)
    return _reply(instance)


def _group(instance: str) -> Record:
    for group in emulator.store("autoscaling", "_asgs").values():
        if any(it["InstanceId"] == instance for it in group["Instances"]):
            return group
    raise RefusedError(
        "ValidationError", f"Instance Id not found - No managed instance found for instance ID {instance}"
    )


def _reply(instance: str) -> Reply:
    activity = (
        f"<Activity><Description>Terminating EC2 instance: {escape(instance)}</Description>"
        "<StatusCode>InProgress</StatusCode><Progress>0</Progress></Activity>"
    )
    text = f"<{OPERATION}Response><{OPERATION}Result>{activity}</{OPERATION}Result></{OPERATION}Response>"
    return 200, {"Content-Type": "text/xml"}, text.encode()
