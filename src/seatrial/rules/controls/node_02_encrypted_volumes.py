"""NODE-02: every disk of a node, and every volume of a pod, is encrypted with a key of ours."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts import node_classes
from seatrial.rules.facts.kinds import STORAGE_CLASS
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import KEY, LAUNCH_TEMPLATE, NODE_GROUP
from seatrial.rules.facts.values import at, entries, is_true, is_unknown, items, properties, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.node_templates import without_template
from seatrial.rules.observations import broken, judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ROOT = ("/dev/xvda",)
_BOTTLEROCKET = ("/dev/xvda", "/dev/xvdb")
"""Bottlerocket keeps containers on a second disk."""

_DEVICES = "blockDeviceMappings"
_PROVISIONERS = ("ebs.csi.aws.com", "kubernetes.io/aws-ebs")


def _examine(view: View) -> Iterator[Observation]:
    yield from without_template(view, "EKS's own launch template, whose disk has no key of yours")
    for group in view.of_type(NODE_GROUP):
        for template in view.references.launch_template(group).resources:
            yield from _missing(group, template)
    for template in view.of_type(LAUNCH_TEMPLATE):
        for path, device in entries(template, _DEVICES):
            if "ebs" in device:
                yield from _encrypted(view, template, f"{path}.ebs.encrypted", f"{path}.ebs.kmsKeyId")
    for each in node_classes.classes(view.objects):
        yield from _class(view, each)
    for each in view.objects.of_kind(STORAGE_CLASS):
        if at(each.resource, "provisioner") in _PROVISIONERS:
            yield from _encrypted(view, each.resource, *(_parameter(each, key) for key in ("encrypted", "kmsKeyId")))


def _class(view: View, found: Resource) -> Iterator[Observation]:
    path = f"spec.{_DEVICES}"
    for device, _ in entries(found, path):
        yield from _encrypted(view, found, f"{device}.ebs.encrypted", f"{device}.ebs.kmsKeyID")
    if not items(at(found, path)):
        yield broken(found, path, "nothing, so disks under the key that AWS keeps")


def _parameter(found: Object, key: str) -> str:
    """Return the path of a parameter, of whose name the driver ignores the case."""
    said = (each for each in properties(at(found.resource, "parameters")) if each.lower() == key.lower())
    return f"parameters.{next(said, key)}"


def _missing(group: Resource, template: Resource) -> Iterator[Observation]:
    expected = _BOTTLEROCKET if text(at(group, "amiType")).startswith("BOTTLEROCKET") else _ROOT
    there = [device.get("deviceName") for _, device in entries(template, _DEVICES)]
    missing = [device for device in expected if device not in there]
    if missing and any(map(is_unknown, there)):
        yield unknown(group, "launchTemplate", f"which disks {template.name} has is only known after a deployment")
    elif missing:
        yield broken(group, "launchTemplate", f"{template.name} says nothing of {' and '.join(missing)}")


def _encrypted(view: View, resource: Resource, path: str, key_path: str) -> Iterator[Observation]:
    yield judged(resource, path, is_true, "true")
    key = view.references.of(resource, key_path, KEY)
    if key.is_unknown:
        yield unknown(resource, key_path)
    else:
        found = seen(resource, key_path) if at(resource, key_path) else "no key, so the one that AWS keeps"
        yield weighed(resource, key_path, is_met=key.one is not None, found=found)


RULE = Rule(
    id="NODE-02",
    severity=Severity.HIGH,
    title="Disks of nodes and volumes of pods are encrypted with a customer-managed key",
    needs="a node group, a launch template, a class of nodes or of volumes",
    why="Images, logs, emptyDir volumes and whatever pods keep lie on them, and in every snapshot of them.",
    allowed="every disk and class of volumes encrypted, with a customer-managed key of the plan",
    remedy="the platform does so whatever the description says; give what the program adds encrypted and a key",
    sources=(
        *cited(Framework.FSBP, "EC2.3"),
        *cited(Framework.CHECKOV, "CKV_AWS_3", "CKV_AWS_189"),
        *cited(Framework.TRIVY, "AWS-0008", "AWS-0027", "AWS-0131"),
        *cited(Framework.HARDENEKS, "use_encryption_with_ebs"),
    ),
    examine=_examine,
)
