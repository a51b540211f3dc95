"""IAM-04: each service account has a role of its own, and each role one service account."""

from collections.abc import Iterable, Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.facts.kinds import NAMESPACE, SERVICE_ACCOUNT
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.types import ADDON, POD_IDENTITY, ROLE
from seatrial.rules.facts.values import at, is_unknown, properties, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.selection import chart_namespaces
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_OF_ADDONS: Mapping[str, str] = {
    "aws-ebs-csi-driver": "kube-system:ebs-csi-controller-sa",
    "vpc-cni": "kube-system:aws-node",
}
"""Add-on to the service account that takes its role (EKS user guide, each add-on's page)."""


_ANNOTATION = "eks.amazonaws.com/role-arn"
_STRANGE = "which is no role of the plan"


def _examine(view: View) -> Iterator[Observation]:
    yield from _addons(view)
    yield from _associations(view)
    yield from _trusts(view)
    for account in view.objects.of_kind(SERVICE_ACCOUNT):
        yield from _annotated(view, account)


def _addons(view: View) -> Iterator[Observation]:
    path = "serviceAccountRoleArn"
    addons = [addon for addon in view.of_type(ADDON) if at(addon, path) is not None]
    having = _having(view, addons, path)
    for addon in addons:
        role = view.references.of(addon, path, ROLE)
        others = [each.name for each in having.get(role.one.urn, []) if each != addon] if role.one else []
        if role.is_unknown:
            yield unknown(addon, path)
        elif role.one is None:
            yield broken(addon, path, f"{seen(addon, path)}, {_STRANGE}", allowed="a role of the plan")
        elif others:
            yield broken(addon, path, f"{role.one.name}, which {', '.join(others)} has too")
        else:
            yield _addon(view, addon, role.one)


def _having(view: View, resources: Iterable[Resource], path: str) -> Mapping[str, list[Resource]]:
    """Return who is given each role, by its URN."""
    found: dict[str, list[Resource]] = {}
    for each in resources:
        for role in view.references.of(each, path, ROLE).resources:
            found.setdefault(role.urn, []).append(each)
    return found


def _addon(view: View, addon: Resource, role: Resource) -> Observation:
    account = _OF_ADDONS.get(text(at(addon, "addonName")), "")
    trusted = view.roles.service_accounts(role)
    path = "serviceAccountRoleArn"
    if is_unknown(at(role, "assumeRolePolicy")):
        return unknown(addon, path, f"whom {role.name} trusts is only known after a deployment")
    is_met = trusted == (account,) if account else len(trusted) == 1
    found = f"{role.name}, which trusts {', '.join(trusted) or 'no service account'}"
    return weighed(addon, path, is_met=is_met, found=found, allowed=f"a role that trusts {account or 'one account'}")


def _associations(view: View) -> Iterator[Observation]:
    path, associations = "roleArn", view.of_type(POD_IDENTITY)
    having = _having(view, associations, path)
    for association in associations:
        yield from _nobody(view, association)
        role = view.references.of(association, path, ROLE)
        others = [each.name for each in having.get(role.one.urn, []) if each != association] if role.one else []
        if role.is_unknown:
            yield unknown(association, path)
        elif role.one is None:
            yield broken(association, path, f"{seen(association, path)}, {_STRANGE}")
        else:
            found = ", which ".join((role.one.name, *(f"{each} has too" for each in others)))
            yield weighed(association, path, is_met=not others, found=found)


def _nobody(view: View, association: Resource) -> Iterator[Observation]:
    """Judge whether the service account of an association is there, where the plan or a chart would have it."""
    namespace, name = (text(at(association, key)) for key in ("namespace", "serviceAccount"))
    is_ours = view.objects.find(NAMESPACE, namespace) is not None and namespace not in chart_namespaces(view)
    if is_ours and view.objects.find(SERVICE_ACCOUNT, name, namespace) is None:
        yield broken(
            association, "serviceAccount", f"{namespace}:{name}, which there is not", allowed="one of the plan"
        )


def _trusts(view: View) -> Iterator[Observation]:
    trusting: dict[str, list[str]] = {}
    for role in view.roles.every:
        for account in view.roles.service_accounts(role):
            trusting.setdefault(account, []).append(role.name)
    for role in view.roles.every:
        accounts = view.roles.service_accounts(role)
        others = sorted({name for account in accounts for name in trusting[account]} - {role.name})
        if accounts:
            found = ", whom ".join((", ".join(accounts), *(f"{each} trusts too" for each in others)))
            yield weighed(role, "assumeRolePolicy", is_met=len(accounts) == 1 and not others, found=found)


def _annotated(view: View, account: Object) -> Iterator[Observation]:
    """Judge the role that a service account asks for: it has to be there, and to trust who asks."""
    path, name = f"metadata.annotations.{_ANNOTATION}", f"{account.namespace}:{account.name}"
    arn = properties(at(account.resource, "metadata.annotations")).get(_ANNOTATION)
    role = view.references.find(text(arn), ROLE)
    if arn is None:
        return
    if is_unknown(arn) or (role and is_unknown(at(role, "assumeRolePolicy"))):
        yield unknown(account.resource, path)
    elif role is None:
        yield broken(account.resource, path, f"{text(arn)}, {_STRANGE}", allowed="a role of the plan")
    else:
        is_met = name in view.roles.service_accounts(role)
        found = f"{role.name}, which {'trusts' if is_met else 'trusts not'} {name}"
        yield weighed(account.resource, path, is_met=is_met, found=found, allowed=f"a role that trusts {name}")


RULE = Rule(
    id="IAM-04",
    severity=Severity.MEDIUM,
    title="Every service account has a role of its own",
    needs="a role that a service account takes",
    why="A shared role gives each the permissions of all, and no audit log tells which of them acted.",
    allowed="one role for each service account, and one service account for each role",
    remedy="give the add-on or workload a role of its own, as the platform does for vpc-cni and the EBS CSI driver",
    sources=cited(Framework.PRACTICES, "Identity and Access Management: use one IAM role per application"),
    examine=_examine,
)
