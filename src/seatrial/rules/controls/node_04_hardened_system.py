"""NODE-04: nodes run an operating system that is made for containers and kept by EKS."""

import re
from collections.abc import Iterator

from seatrial.rules.facts import node_classes
from seatrial.rules.facts.types import LAUNCH_TEMPLATE, NODE_GROUP
from seatrial.rules.facts.values import entries, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_PINNED = re.compile(r"(al2023|bottlerocket)@v[0-9].*")
_ALIAS = "an alias such as bottlerocket@v1.50.0, with a version"
_SYSTEMS = ("AL2023_", "BOTTLEROCKET_")


def _examine(view: View) -> Iterator[Observation]:
    for group in view.of_type(NODE_GROUP):
        # Nothing is Amazon Linux 2023: EKS chooses no other since 1.30.
        yield judged(group, "amiType", lambda value: value is None or text(value).startswith(_SYSTEMS))
    for template in view.of_type(LAUNCH_TEMPLATE):
        yield judged(template, "imageId", lambda value: not value, "nothing: EKS chooses the newest of the type")
    for each in node_classes.classes(view.objects):
        for path, _ in entries(each, "spec.amiSelectorTerms"):
            yield judged(each, f"{path}.alias", lambda value: _PINNED.fullmatch(text(value)) is not None, _ALIAS)


RULE = Rule(
    id="NODE-04",
    severity=Severity.MEDIUM,
    title="Nodes run Bottlerocket or Amazon Linux 2023",
    needs="a node group, a launch template or a class of nodes",
    why="Other systems get no patches from EKS, or carry what containers don't need and attackers do.",
    allowed="an AMI type of Bottlerocket or Amazon Linux 2023, chosen by EKS",
    remedy="set `nodeGroups.NAME.amiType` to one of BOTTLEROCKET_* or AL2023_*",
    sources=cited(Framework.PRACTICES, "Protecting the infrastructure (hosts)"),
    examine=_examine,
)
