"""IAM-02: service accounts are vouched for by this platform's cluster and no other."""

from collections.abc import Iterator

from seatrial.plan import Resource
from seatrial.rules.documents import of_kind, place, unreadable
from seatrial.rules.facts.policies import Kind, Policy
from seatrial.rules.facts.roles import is_eks, is_issuer, issuer
from seatrial.rules.facts.statements import Statement
from seatrial.rules.facts.types import CLUSTER, IDENTITY_PROVIDER
from seatrial.rules.facts.values import at, text, texts, within
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import judged, unknown, weighed
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_CLAIMS = ("sub", "aud")


def _examine(view: View) -> Iterator[Observation]:
    for provider in view.of_type(IDENTITY_PROVIDER):
        # Those of others, a code forge say, vouch for no service account.
        if not text(at(provider, "url")) or is_issuer(text(at(provider, "url")).removeprefix("https://")):
            yield from _provider(view, provider)
    for policy in of_kind(view, Kind.TRUST):
        fault = unreadable(policy)
        if fault:
            yield fault
        for index, statement in enumerate(policy.statements):
            for who in statement.principals.get("Federated", ()):
                if is_eks(who):
                    yield from _trust(view, policy, index, statement, who)


def _provider(view: View, provider: Resource) -> Iterator[Observation]:
    url = at(provider, "url")
    issuers = {text(within(each.outputs, "identities[0].oidcs[0].issuer")) for each in view.of_type(CLUSTER)} - {""}
    if not text(url) or not issuers:
        yield unknown(provider, "url")
    else:
        yield weighed(provider, "url", is_met=text(url) in issuers, found=text(url), allowed="the cluster's issuer")
    yield judged(
        provider, "clientIdLists", lambda value: texts(value) == ("sts.amazonaws.com",), "sts.amazonaws.com alone"
    )


def _trust(view: View, policy: Policy, index: int, statement: Statement, who: str) -> Iterator[Observation]:
    provider = view.references.find(who, IDENTITY_PROVIDER)
    path = place(policy, index, "Principal.Federated")
    yield weighed(policy.resource, path, is_met=provider is not None, found=who)
    strange = sorted(key for keys in statement.conditions.values() for key in keys if _is_strange(key, issuer(who)))
    found = ", ".join(strange) or f"{issuer(who)} in every key"
    yield weighed(policy.resource, place(policy, index, "Condition"), is_met=not strange, found=found)


def _is_strange(key: str, expected: str) -> bool:
    """Tell whether a key is a claim of another issuer: such a condition is never met, or never restricts."""
    holder, _, claim = key.rpartition(":")
    return claim.lower() in _CLAIMS and holder.lower() != expected.lower()


RULE = Rule(
    id="IAM-02",
    severity=Severity.CRITICAL,
    title="Roles trust the identity provider of this cluster",
    needs="an identity provider",
    why="Another cluster's provider vouches for that cluster's pods: who administers it takes the role.",
    allowed="a provider of the plan whose URL is the cluster's issuer, and the same issuer in every condition key",
    remedy="take provider and issuer from the cluster component's outputs; the platform does",
    sources=cited(Framework.PRACTICES, "Identity and Access Management: IAM Roles for Service Accounts"),
    examine=_examine,
)
