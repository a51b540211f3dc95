"""Assuming roles: what STS asks of a role's trust policy before it gives credentials.

See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html and
https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from seatrial.semantics.iam import callers
from seatrial.semantics.iam.callers import Caller
from seatrial.semantics.iam.context import Value, Values
from seatrial.semantics.iam.evaluation import Decision, Outcome, Request, decide
from seatrial.semantics.iam.policies import Policies, Policy

ASSUME: Final = "sts:AssumeRole"
ASSUME_FEDERATED: Final = "sts:AssumeRoleWithWebIdentity"
TAG_SESSION: Final = "sts:TagSession"

POD_IDENTITY: Final = "pods.eks.amazonaws.com"
"""The service that assumes roles for pods; the same in every partition."""

_CLAIMS: Final = ("amr", "aud", "sub")
"""Claims of a token that become context keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that somebody would like to assume."""

    arn: str
    trust: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider that is registered in IAM."""

    arn: str
    client_ids: tuple[str, ...]
    """Audiences that it was registered with: STS takes no token for any other."""

    @property
    def issuer(self) -> str:
        """Prefix of its context keys: its URL without ``https://``."""
        return self.arn.partition(":oidc-provider/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """What EKS Pod Identity says of a pod when it assumes a role for it."""

    cluster_arn: str
    """Empty where it isn't known."""

    namespace: str
    service_account: str
    pod: str = "pod"
    """Name of the pod."""

    pod_uid: str = "00000000-0000-0000-0000-000000000000"
    has_tags: bool = True
    """Whether it tags the session; it does unless the association disables that."""

    @property
    def tags(self) -> dict[str, str]:
        """Session tags, which policies see as ``aws:PrincipalTag``."""
        return {
            "eks-cluster-arn": self.cluster_arn,
            "eks-cluster-name": self.cluster_arn.rpartition("/")[2],
            "kubernetes-namespace": self.namespace,
            "kubernetes-pod-name": self.pod,
            "kubernetes-pod-uid": self.pod_uid,
            "kubernetes-service-account": self.service_account,
        }


def assume(  # noqa: PLR0913 (an argument for each part of a request)
    role: Role,
    caller: Caller,
    context: Values | None = None,
    policies: Policies | None = None,
    action: str = ASSUME,
    *,
    unknown: tuple[str, ...] = (),
) -> Decision:
    """Decide whether a caller may assume a role.

    Args:
        role: The role.
        caller: A user, session or service.
        context: Context keys, such as ``aws:SourceArn`` of what a service acts for.
        policies: The caller's own; a user or session needs them unless the trust policy names it directly.
        action: What is asked of STS.
        unknown: Context keys whose value isn't known.

    """
    request = Request(caller=caller, action=action, resource=role.arn, context=context or {}, unknown=unknown)
    return decide(request, replace(policies or Policies(), resource=role.trust))


def assume_by_token(role: Role, provider: Provider, claims: Mapping[str, str | Sequence[str]]) -> Decision:
    """Decide whether the bearer of a provider's token may assume a role, as IAM roles for service accounts do."""
    audiences = claims.get("aud", ())
    listed = [audiences] if isinstance(audiences, str) else list(audiences)
    if not set(listed) & set(provider.client_ids):
        return Decision(
            outcome=Outcome.NOT_ALLOWED, lacking=(f"the identity provider, which takes {_any(provider.client_ids)}",)
        )
    keys: dict[str, Value] = {f"{provider.issuer}:{name}": claims[name] for name in _CLAIMS if name in claims}
    return assume(role, callers.federated(provider.arn), keys, action=ASSUME_FEDERATED)


def assume_by_service_account(role: Role, provider: Provider, namespace: str, name: str) -> Decision:
    """Decide whether a pod of a service account may assume a role with the token that EKS projects into it."""
    claims = {"aud": "sts.amazonaws.com", "sub": f"system:serviceaccount:{namespace}:{name}"}
    return assume_by_token(role, provider, claims)


def assume_by_pod_identity(role: Role, association: Association) -> Decision:
    """Decide whether EKS Pod Identity may assume a role for a pod: it needs to tag the session too."""
    tags = association.tags if association.has_tags else {}
    told = {
        "aws:SourceArn": association.cluster_arn,
        "aws:SourceAccount": callers.account_of(association.cluster_arn),
        **{f"aws:RequestTag/{name}": value for name, value in tags.items()},
    }
    unknown = tuple(key for key, value in told.items() if not value)
    keys: dict[str, Value] = {
        **{key: value for key, value in told.items() if value},
        **({"aws:TagKeys": tuple(tags), "sts:TransitiveTagKeys": tuple(tags)} if tags else {}),
    }
    service = callers.service(POD_IDENTITY)
    assumed = assume(role, service, keys, unknown=unknown)
    if not assumed.is_allowed or not tags:
        return assumed
    tagged = assume(role, service, keys, action=TAG_SESSION, unknown=unknown)
    if not tagged.is_allowed:
        return tagged
    return replace(assumed, deciding=tuple(dict.fromkeys((*assumed.deciding, *tagged.deciding))))


def _any(texts: Sequence[str]) -> str:
    return ", ".join(texts) or "no audience"
