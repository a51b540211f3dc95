"""DST-06: volumes go with their claims, while the driver that deletes them still runs."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts import kinds
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.owners import has_volumes
from seatrial.rules.facts.types import ADDON
from seatrial.rules.facts.values import at, entries, text, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, judged, weighed
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_DRIVER = "aws-ebs-csi-driver"
_PROVISIONER = "ebs.csi.aws.com"
_RETENTION = "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"


def _examine(view: View) -> Iterator[Observation]:
    drivers = [addon for addon in view.of_type(ADDON) if at(addon, "addonName") == _DRIVER]
    drivers += [chart.resource for chart in view.charts if chart.name == _DRIVER]
    for each in view.objects.of_kind(kinds.STORAGE_CLASS):
        if at(each.resource, "provisioner") == _PROVISIONER:
            policy = text(at(each.resource, "reclaimPolicy")) or "Delete"
            yield weighed(each.resource, "reclaimPolicy", is_met=policy == "Delete", found=policy, allowed="Delete")
            yield from before(view, each.resource, drivers)
    sets = [each for each in view.objects.of_kind(kinds.STATEFUL_SET) if has_volumes(each)]
    for each in sets:
        yield judged(each.resource, _RETENTION, lambda value: value == "Delete", "Delete")
    for each in (*sets, *view.objects.of_kind(kinds.VOLUME_CLAIM)):
        yield from _claim(view, each, drivers)


def _claim(view: View, found: Object, drivers: list[Resource]) -> Iterator[Observation]:
    """Judge that it goes before its storage classes, where the plan has them, and before what deletes its volumes."""
    named = [view.objects.find(kinds.STORAGE_CLASS, name) for name in dict.fromkeys(_classes(found))]
    classes = [each.resource for each in named if each]
    yield from before(view, found.resource, classes)
    if classes and len(classes) == len(named) and all(at(each, "provisioner") != _PROVISIONER for each in classes):
        return
    if not drivers:
        yield broken(found.resource, "", f"{found.title}, and no add-on {_DRIVER} that would delete its volume")
    yield from before(view, found.resource, drivers)


def _classes(found: Object) -> Iterator[str]:
    """Give the storage classes that a claim or the claims of a set name; empty for one of which nobody says."""
    claims = [found.resource.inputs, *(claim for _, claim in entries(found.resource, "spec.volumeClaimTemplates"))]
    for claim in claims[1:] or claims:
        yield text(within(claim, "spec.storageClassName"))


RULE = Rule(
    id="DST-06",
    severity=Severity.HIGH,
    title="Volumes are deleted with their claims, while their driver runs",
    needs="a storage class or a claim of volumes",
    why="A volume whose claim outlives the driver stays in the account and costs for ever; nothing names its owner.",
    allowed="reclaimPolicy and whenDeleted Delete; claims depend on the EBS add-on, and that on its role",
    remedy="give the claim or StatefulSet dependsOn the storage class, and set whenDeleted: Delete",
    sources=cited(Framework.ISSUE, "weaveworks/eksctl#274", "k0rdent/kcm#1361"),
    examine=_examine,
)
