"""RBAC-10: pods have a service account of their own, and its token only where they use the API."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.facts.kinds import NAMESPACE, SECRET, SERVICE_ACCOUNT
from seatrial.rules.facts.pods import Template
from seatrial.rules.facts.values import at, entries, is_unknown, items, within, words
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View
from seatrial.semantics.rbac.subjects import account_user, service_account

_DEFAULT = "default"
_KEPT = "kubernetes.io/service-account-token"
_FIELD = "automountServiceAccountToken"


def _examine(view: View) -> Iterator[Observation]:
    users = {holder.name for grant in view.grants for holder in grant.holders}
    users |= {account_user(chart.namespace, name) for chart in view.charts for name in chart.service_accounts}
    for grant in view.grants:
        taken = [holder.name for holder in grant.holders if _is_default(holder.name)]
        if taken:
            yield broken(grant.resource, "subjects", f"{', '.join(taken)}, which any pod may be")
    for namespace in view.objects.of_kind(NAMESPACE):
        if view.objects.find(SERVICE_ACCOUNT, _DEFAULT, namespace.name) is None:
            found = f"the service account {_DEFAULT} of {namespace.name} is as Kubernetes made it, with a token"
            yield broken(namespace.resource, f"{_DEFAULT}.{_FIELD}", found, allowed=f"{_FIELD} false on it")
    for secret in view.objects.of_kind(SECRET):
        if at(secret.resource, "type") == _KEPT:
            yield broken(secret.resource, "type", f"{_KEPT}, which never ends", allowed="tokens that end")
    for account in view.objects.of_kind(SERVICE_ACCOUNT):
        is_user = _is_user(account.namespace, account.name, users)
        yield _token(account.resource, _FIELD, is_user=is_user, name=account.title)
    for template in view.pods:
        yield _pod(view, template, users)


def _is_user(namespace: str, name: str, users: set[str]) -> bool:
    """Tell whether something is given to a service account, by its name or as one of its namespace's."""
    return not users.isdisjoint(service_account(namespace, name).groups | {account_user(namespace, name)})


def _is_default(user: str) -> bool:
    return user.startswith("system:serviceaccount:") and user.endswith(f":{_DEFAULT}")


def _pod(view: View, template: Template, users: set[str]) -> Observation:
    namespace, name = template.object.namespace, template.service_account
    path = template.place("spec.serviceAccountName")
    if is_unknown(template.spec.get("serviceAccountName")):
        return unknown(template.resource, path)
    if name == _DEFAULT:
        return broken(template.resource, path, f"the service account {_DEFAULT} of {namespace}")
    is_user = _is_user(namespace, name, users)
    projected = next(_projected(template), "")
    if projected and not is_user:
        return broken(template.resource, projected, f"a token of the API, and nothing gives {name} a use for it")
    account = view.objects.find(SERVICE_ACCOUNT, name, namespace)
    is_left_to_it = template.spec.get(_FIELD) is None and account is not None
    if is_left_to_it:
        return met(template.resource, path, f"{name}, which says whether there is a token")
    return _token(template.resource, template.place(f"spec.{_FIELD}"), is_user=is_user, name=name)


def _projected(template: Template) -> Iterator[str]:
    """Give the places of tokens that a pod mounts by itself and that the API takes: others are for an audience."""
    for path, volume in entries(template.resource, template.place("spec.volumes")):
        for index, source in enumerate(items(within(volume, "projected.sources"))):
            token = within(source, "serviceAccountToken")
            if token is not None and not within(token, "audience"):
                yield f"{path}.projected.sources[{index}].serviceAccountToken"


def _token(resource: Resource, path: str, *, is_user: bool, name: str) -> Observation:
    value = at(resource, path)
    if is_user:
        return met(resource, path, f"{name} uses the API")
    if is_unknown(value):
        return unknown(resource, path)
    if value is False:
        return met(resource, path, f"{name} uses no API, and no token is mounted")
    return broken(resource, path, f"{words(value)}, and nothing gives {name} a use for the token")


RULE = Rule(
    id="RBAC-10",
    severity=Severity.MEDIUM,
    title="Tokens of service accounts are mounted where the API is used, and nowhere else",
    needs="a service account or a pod",
    why="A token that nobody needs is one more for whoever breaks in; that of default gives all pods what one needs.",
    allowed=f"a service account of its own, {_FIELD} false unless a binding gives it something or a chart takes it",
    remedy=f"name a service account in the pod and set {_FIELD}: false on it; a role of AWS needs no such token",
    sources=(
        *cited(Framework.CIS_EKS, "4.1.5", "4.1.6"),
        *cited(Framework.CHECKOV, "CKV_K8S_38", "CKV_K8S_41", "CKV_K8S_42"),
        *cited(Framework.TRIVY, "KSV-0036"),
    ),
    examine=_examine,
)
