"""The roles, policies and identity providers of a plan, as IAM would find them."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from seatrial.errors import UsageError, listed
from seatrial.semantics import iam
from seatrial.semantics.iam import Association, Caller, Kind, Policies, Policy, Provider, callers

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.plan import Plan, Resource

DEPLOYER = "deployer"
"""Stands for whoever deploys the platform, with the policy that is documented for that."""

_ROLE = "aws:iam/role:Role"
_INLINE = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_POLICY = "aws:iam/policy:Policy"
_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_CLUSTER = "aws:eks/cluster:Cluster"
_WITH_POLICY = ("aws:kms/key:Key", "aws:sqs/queue:Queue")
"""Types whose property ``policy`` is the resource's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody of the plan with every policy that it has."""

    title: str
    caller: Caller
    policies: Policies
    tags: Mapping[str, str]

    def with_resource(self, target: "Target") -> Policies:
        """Return its policies, and the resource's own."""
        return replace(self.policies, resource=target.policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A resource that is asked about."""

    arn: str
    policy: Policy | None = None
    tags: Mapping[str, str]


class Access:
    """What a plan says of who may do what."""

    def __init__(self, plan: "Plan", platform: "Platform") -> None:
        self._plan = plan
        self._platform = platform

    @property
    def region(self) -> str:
        """Where everything is."""
        return self._platform.region

    def role(self, name: str) -> iam.Role:
        """Return a role by its name or ARN."""
        return _role(self._resource(name))

    def name(self, role: iam.Role) -> str:
        """Return the name of a role."""
        return role.arn.rpartition("/")[2]

    def providers(self) -> tuple[Provider, ...]:
        """Return every identity provider."""
        return tuple(
            Provider(arn=_arn(each), client_ids=cast("tuple[str, ...]", each.inputs.get("clientIdLists", ())))
            for each in self._plan.of_type(_PROVIDER)
        )

    def associations(self, role: iam.Role, namespace: str, service_account: str) -> Iterator[Association]:
        """Give the Pod Identity associations that give a service account a role."""
        clusters = {each.inputs["name"]: _arn(each) for each in self._plan.of_type(_CLUSTER)}
        wanted = {"roleArn": role.arn, "namespace": namespace, "serviceAccount": service_account}
        for each in self._plan.of_type(_ASSOCIATION):
            if wanted.items() <= dict(each.inputs).items():
                yield Association(
                    cluster_arn=clusters[each.inputs["clusterName"]],
                    namespace=namespace,
                    service_account=service_account,
                    has_tags=not each.inputs.get("disableSessionTags"),
                )

    def principal(self, name: str) -> Principal:
        """Return a role by its name or ARN, or the deployer, with every policy."""
        if name == DEPLOYER:
            return self._deployer()
        resource = self._resource(name, DEPLOYER)
        role = _role(resource)
        boundary = _text(resource, "permissionsBoundary")
        policies = Policies(
            identity=tuple(self._attached(_text(resource, "name"))),
            boundary=self._by_arn(boundary) if boundary else None,
        )
        return Principal(
            title=self.name(role), caller=callers.role_session(role.arn), policies=policies, tags=_tags(resource)
        )

    def target(self, name: str, action: str) -> Target:
        """Return a resource by its ARN, or by the name that it has in the plan; ``*`` is none in particular."""
        found = {key: each for each in self._plan if _arn(each) for key in (_arn(each), each.name)}
        resource = found.get(name)
        if resource is not None:
            return Target(arn=_arn(resource), policy=_own_policy(resource, action), tags=_tags(resource))
        if name != "*" and not name.startswith("arn:"):
            raise _unknown("resource", name, (each.name for each in found.values()))
        return Target(arn=name, tags={})

    def _resource(self, name: str, *others: str) -> "Resource":
        roles = self._plan.of_type(_ROLE)
        for each in roles:
            if name in (_text(each, "name"), each.name, _arn(each)):
                return each
        raise _unknown("role", name, (*others, *(_text(each, "name") for each in roles)))

    def _attached(self, role: str) -> Iterator[Policy]:
        for each in self._plan.of_type(_INLINE):
            if each.inputs["role"] == role:
                yield iam.policy(_text(each, "policy"), _text(each, "name"))
        for each in self._plan.of_type(_ATTACHMENT):
            if each.inputs["role"] == role:
                yield self._by_arn(_text(each, "policyArn"))

    def _by_arn(self, arn: str) -> Policy:
        for each in self._plan.of_type(_POLICY):
            if _arn(each) == arn:
                return iam.policy(_text(each, "policy"), _text(each, "name"))
        return iam.managed.by_arn(arn)

    def _deployer(self) -> Principal:
        from seatrial.iam import deployer  # noqa: PLC0415 (only this principal needs it)
        from seatrial.iam.account import Account  # noqa: PLC0415 (as above)

        partition, account_id = self._partition_and_account()
        suffix = f"amazonaws.com{'.cn' if partition == 'aws-cn' else ''}"
        account = Account(partition=partition, dns_suffix=suffix, account_id=account_id, region=self._platform.region)
        policy = deployer.policy(account, self._platform.environment_suffix, self._platform.enters_as)
        return Principal(
            title=DEPLOYER,
            caller=callers.user(account.iam_arn(f"user/{DEPLOYER}")),
            policies=Policies(identity=(iam.policy(cast("Mapping[str, object]", policy), "deployer's policy"),)),
            tags={},
        )

    def _partition_and_account(self) -> tuple[str, str]:
        arn = _arn(self._plan.of_type(_ROLE)[0])
        return arn.split(":")[1], callers.account_of(arn)


def _role(resource: "Resource") -> iam.Role:
    trust = iam.policy(_text(resource, "assumeRolePolicy"), f"trust of {_text(resource, 'name')}", Kind.TRUST)
    return iam.Role(arn=_arn(resource), trust=trust)


def _own_policy(resource: "Resource", action: str) -> Policy | None:
    """Read the policy that a resource itself has; that of a role is about assuming it only."""
    if resource.type == _ROLE and action.lower().startswith("sts:assumerole"):
        return _role(resource).trust
    document = _text(resource, "policy") if resource.type in _WITH_POLICY else ""
    return iam.policy(document, f"policy of {resource.name}", Kind.RESOURCE) if document else None


def _arn(resource: "Resource") -> str:
    return str(resource.outputs.get("arn", ""))


def _text(resource: "Resource", name: str) -> str:
    return str(resource.inputs.get(name, ""))


def _tags(resource: "Resource") -> Mapping[str, str]:
    return cast("Mapping[str, str]", resource.inputs.get("tags", {}))


def _unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names)
    tip = f"near it: {', '.join(near)}" if near else f"the plan has: {listed(names)}"
    return UsageError(f"no {kind} {name!r}", tip=tip)
