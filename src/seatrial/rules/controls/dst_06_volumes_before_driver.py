"""DST-06: volumes go with their claims, while the driver that deletes them still runs."""

from collections.abc import Iterator

from seatrial.rules.facts import kinds
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.owners import has_volumes
from seatrial.rules.facts.types import ADDON
from seatrial.rules.facts.values import at, text
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
    for each in view.objects.of_kind(kinds.STORAGE_CLASS):
        if at(each.resource, "provisioner") == _PROVISIONER:
            policy = text(at(each.resource, "reclaimPolicy")) or "Delete"
            yield weighed(each.resource, "reclaimPolicy", is_met=policy == "Delete", found=policy, allowed="Delete")
            yield from before(view, each.resource, drivers)
    sets = [each for each in view.objects.of_kind(kinds.STATEFUL_SET) if has_volumes(each)]
    for each in sets:
        yield judged(each.resource, _RETENTION, lambda value: value == "Delete", "Delete")
    for each in (*sets, *view.objects.of_kind(kinds.VOLUME_CLAIM)):
        yield from _claim(view, each)
        if not drivers:
            yield broken(each.resource, "", f"{each.title}, and no add-on {_DRIVER} that would delete its volume")
        yield from before(view, each.resource, drivers)


def _claim(view: View, found: Object) -> Iterator[Observation]:
    """Judge that it goes before its storage class, where the plan has that."""
    paths = ("spec.storageClassName", "spec.volumeClaimTemplates[0].spec.storageClassName")
    for name in filter(None, (text(at(found.resource, path)) for path in paths)):
        storage = view.objects.find(kinds.STORAGE_CLASS, name)
        yield from before(view, found.resource, [storage.resource] if storage else [])


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
