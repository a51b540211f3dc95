"""IAM-04: each service account has a role of its own, and each role one service account."""

from collections.abc import Iterator, Mapping

from seatrial.plan import Resource
from seatrial.rules.facts.types import ADDON, POD_IDENTITY, ROLE
from seatrial.rules.facts.values import at, is_unknown, seen, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_OF_ADDONS: Mapping[str, str] = {
    "aws-ebs-csi-driver": "kube-system:ebs-csi-controller-sa",
    "vpc-cni": "kube-system:aws-node",
}
"""Add-on to the service account that takes its role (EKS user guide, each add-on's page)."""


def _examine(view: View) -> Iterator[Observation]:
    yield from _addons(view)
    yield from _associations(view)
    yield from _trusts(view)


def _addons(view: View) -> Iterator[Observation]:
    taken: dict[str, str] = {}
    for addon in view.of_type(ADDON):
        path = "serviceAccountRoleArn"
        if at(addon, path) is None:
            continue
        role = view.references.of(addon, path, ROLE)
        if role.is_unknown:
            yield unknown(addon, path)
        elif role.one is None:
            yield broken(
                addon, path, f"{seen(addon, path)}, which is no role of the plan", allowed="a role of the plan"
            )
        elif role.one.urn in taken:
            yield broken(addon, path, f"{role.one.name}, which {taken[role.one.urn]} has already")
        else:
            taken[role.one.urn] = addon.name
            yield _addon(view, addon, role.one)


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
    taken: dict[str, str] = {}
    for association in view.of_type(POD_IDENTITY):
        role = view.references.of(association, "roleArn", ROLE)
        if role.one is None:
            is_loose = role.is_unknown
            found = f"{seen(association, 'roleArn')}, which is no role of the plan"
            yield unknown(association, "roleArn") if is_loose else broken(association, "roleArn", found)
            continue
        first = taken.setdefault(role.one.urn, association.name)
        is_met = first == association.name
        found = role.one.name if is_met else f"{role.one.name}, which {first} has already"
        yield weighed(association, "roleArn", is_met=is_met, found=found)


def _trusts(view: View) -> Iterator[Observation]:
    first: dict[str, str] = {}
    for role in view.roles.every:
        accounts = view.roles.service_accounts(role)
        others = sorted({first[each] for each in accounts if each in first})
        first.update(dict.fromkeys(accounts, role.name))
        if accounts:
            found = f"{', '.join(accounts)}{f', whom {others[0]} trusts already' if others else ''}"
            is_met = len(accounts) == 1 and not others
            yield weighed(role, "assumeRolePolicy", is_met=is_met, found=found)


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
