"""DST-02: the role of an add-on, and above all of the network plugin, outlives who uses it."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.types import ADDON, NODE_GROUP, ROLE
from seatrial.rules.facts.values import at, entries
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown
from seatrial.rules.precedence import before, same_cluster
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View


def _examine(view: View) -> Iterator[Observation]:
    groups = view.of_type(NODE_GROUP)
    for addon in view.of_type(ADDON):
        users = [addon]
        if at(addon, "addonName") == "vpc-cni":
            users += same_cluster(view, addon, groups)
        for path in _paths(addon):
            yield from _role(view, addon, path, users)


def _paths(addon: Resource) -> Iterator[str]:
    if at(addon, "serviceAccountRoleArn") is not None:
        yield "serviceAccountRoleArn"
    for path, _ in entries(addon, "podIdentityAssociations"):
        yield f"{path}.roleArn"


def _role(view: View, addon: Resource, path: str, users: list[Resource]) -> Iterator[Observation]:
    role = view.references.of(addon, path, ROLE)
    if role.is_unknown:
        yield unknown(addon, path)
    for each in role.resources:
        for user in users:
            yield from before(view, user, (each, *view.roles.of_role(each)))


RULE = Rule(
    id="DST-02",
    severity=Severity.HIGH,
    title="The network plugin's role outlives the nodes, every add-on's role the add-on",
    needs="an add-on with a role",
    why="A plugin that has lost its permissions can't give back the interfaces of the nodes that are going.",
    allowed="node groups and add-on depend on the role and on all that is attached to it",
    remedy="give the add-on dependsOn its role, and the node groups dependsOn the add-on; the platform does",
    sources=cited(Framework.ISSUE, "aws/amazon-vpc-cni-k8s#1223", "pulumi/pulumi-eks#1226"),
    examine=_examine,
)
