"""NODE-02: every disk of a node is encrypted with a key of ours."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import KEY, LAUNCH_TEMPLATE, NODE_GROUP
from seatrial.rules.facts.values import at, entries, is_true, is_unknown, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.node_templates import without_template
from seatrial.rules.observations import broken, judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ROOT = ("/dev/xvda",)
_BOTTLEROCKET = ("/dev/xvda", "/dev/xvdb")
"""Bottlerocket keeps containers on a second disk."""

_DEVICES = "blockDeviceMappings"


def _examine(view: View) -> Iterator[Observation]:
    yield from without_template(view, "EKS's own launch template, whose disk has no key of yours")
    for group in view.of_type(NODE_GROUP):
        for template in view.references.of(group, "launchTemplate.id", LAUNCH_TEMPLATE).resources:
            yield from _missing(group, template)
    for template in view.of_type(LAUNCH_TEMPLATE):
        for path, device in entries(template, _DEVICES):
            if "ebs" in device:
                yield from _disk(view, template, path)


def _missing(group: Resource, template: Resource) -> Iterator[Observation]:
    expected = _BOTTLEROCKET if text(at(group, "amiType")).startswith("BOTTLEROCKET") else _ROOT
    there = [device.get("deviceName") for _, device in entries(template, _DEVICES)]
    missing = [device for device in expected if device not in there]
    if missing and any(map(is_unknown, there)):
        yield unknown(group, "launchTemplate", f"which disks {template.name} has is only known after a deployment")
    elif missing:
        yield broken(group, "launchTemplate", f"{template.name} says nothing of {' and '.join(missing)}")


def _disk(view: View, template: Resource, path: str) -> Iterator[Observation]:
    yield judged(template, f"{path}.ebs.encrypted", is_true, "true")
    key_path = f"{path}.ebs.kmsKeyId"
    key = view.references.of(template, key_path, KEY)
    if key.is_unknown:
        yield unknown(template, key_path)
    else:
        found = seen(template, key_path) if at(template, key_path) else "no key, so the one that AWS keeps"
        yield weighed(template, key_path, is_met=key.one is not None, found=found)


RULE = Rule(
    id="NODE-02",
    severity=Severity.HIGH,
    title="Disks of nodes are encrypted with a customer-managed key",
    needs="a node group or a launch template",
    why="Images, logs and emptyDir volumes with everything that pods write lie on them.",
    allowed="every disk encrypted, with a customer-managed key of the plan",
    remedy="the platform does so whatever the description says; correct the launch template that the program changes",
    sources=(
        *cited(Framework.FSBP, "EC2.3"),
        *cited(Framework.CHECKOV, "CKV_AWS_3", "CKV_AWS_189"),
        *cited(Framework.TRIVY, "AWS-0008", "AWS-0027", "AWS-0131"),
        *cited(Framework.HARDENEKS, "use_encryption_with_ebs"),
    ),
    examine=_examine,
)
