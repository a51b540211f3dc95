"""DST-04: a cluster or node group keeps all its permissions until it is gone."""

from collections.abc import Iterator

from seatrial.rules.facts.types import CLUSTER, FARGATE_PROFILE, NODE_GROUP, ROLE
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import unknown
from seatrial.rules.precedence import before
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_ROLES = {CLUSTER: "roleArn", NODE_GROUP: "nodeRoleArn", FARGATE_PROFILE: "podExecutionRoleArn"}


def _examine(view: View) -> Iterator[Observation]:
    for type_, path in _ROLES.items():
        for user in view.of_type(type_):
            role = view.references.of(user, path, ROLE)
            if not role.is_settled:
                yield unknown(user, path, f"{', '.join(role.strangers) or 'a role'}, which the plan doesn't tell")
            for each in role.resources:
                yield from before(view, user, (each, *view.roles.of_role(each)))
    for loose in view.roles.loose:
        yield unknown(loose, "role")


RULE = Rule(
    id="DST-04",
    severity=Severity.HIGH,
    title="Clusters and node groups go before the permissions of their roles",
    needs="a cluster or a node group",
    why="A node group whose role lost a policy first ends in DELETE_FAILED, with its instances and interfaces left.",
    allowed="the cluster or group depends on every attachment and inline policy of its role",
    remedy="give it dependsOn the role component, which stands for all of its policies; the platform does",
    sources=cited(Framework.ISSUE, "hashicorp/terraform-provider-aws#20405"),
    examine=_examine,
)
