"""DST-12: a node group can be replaced, and a new launch template doesn't replace it."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import NODE_GROUP
from seatrial.rules.facts.values import at, is_unknown, seen
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_FLOATING = ("$Latest", "$Default")


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        yield _name(group)
        if at(group, "launchTemplate") is not None:
            yield _template(view, group)
            yield _version(group)


def _name(group: Resource) -> Observation:
    is_fixed = at(group, "nodeGroupName") is not None
    how = "deleted before it is replaced" if group.delete_before_replace else "replaced before it is deleted"
    found = f"{'a fixed' if is_fixed else 'no fixed'} name, {how}"
    is_met = not is_fixed or group.delete_before_replace
    return weighed(group, "nodeGroupName", is_met=is_met, found=found, allowed="no fixed name, or deleteBeforeReplace")


def _template(view: View, group: Resource) -> Observation:
    template = view.references.launch_template(group)
    if template.is_unknown:
        return unknown(group, "launchTemplate.id")
    found = seen(group, "launchTemplate")
    return weighed(
        group, "launchTemplate.id", is_met=template.one is not None, found=found, allowed="a template of the plan"
    )


def _version(group: Resource) -> Observation:
    path = "launchTemplate.version"
    version = at(group, path)
    # Unknown is as good as a number: it comes from the template, which is what the next version is told by.
    is_met = version not in _FLOATING and (is_unknown(version) or version is not None)
    return weighed(group, path, is_met=is_met, found=seen(group, path), allowed="a version by number")


RULE = Rule(
    id="DST-12",
    severity=Severity.MEDIUM,
    title="Node groups are replaced without a clash of names, templates by version",
    needs="a node group",
    why="EKS refuses a second group of the same name, so a replacement that is made first fails half-way.",
    allowed="deleteBeforeReplace where the name is fixed; the template by its id, and a version by number",
    remedy="keep deleteBeforeReplace on the node group, and the template's id and latestVersion; the platform does",
    sources=cited(
        Framework.ISSUE, "pulumi/pulumi-eks#294", "terraform-aws-modules/terraform-aws-eks#1152", "aws/aws-cdk#26931"
    ),
    examine=_examine,
)
