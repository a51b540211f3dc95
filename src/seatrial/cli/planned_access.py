"""The roles, policies and identity providers of a plan, as IAM would find them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from seatrial.cli import planned_names
from seatrial.cli.planned_documents import Documents
from seatrial.cli.planned_names import arn, called
from seatrial.errors import UsageError
from seatrial.plan import Unknown
from seatrial.rules.facts.references import References
from seatrial.rules.facts.types import CLUSTER, IDENTITY_PROVIDER, POD_IDENTITY, ROLE
from seatrial.rules.facts.values import at, is_true, is_unknown, plain, properties, text, texts
from seatrial.semantics import iam
from seatrial.semantics.iam import Association, Caller, Policies, Policy, Provider, callers

if TYPE_CHECKING:
    from seatrial.config import Platform
    from seatrial.plan import Plan, Resource

DEPLOYER: Final = "deployer"
"""Stands for whoever deploys the platform, with the policy that is documented for that."""

_ACCOUNT: Final = ("namespace", "serviceAccount")
"""Inputs of an association that say for which pods it is."""

_AUDIENCE: Final = "sts.amazonaws.com"
"""Whom the tokens that EKS projects are for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The tags of something."""

    known: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    """Keys whose value only a deployment can tell; ``*`` when it isn't even known which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody of the plan with every policy that it has."""

    title: str
    caller: Caller
    policies: Policies
    tags: Tags
    unknown: tuple[str, ...] = ()
    """What only a deployment can tell of who it is, without which nobody can say what it may do."""

    def with_resource(self, target: "Target") -> Policies:
        """Return its policies, and the resource's own."""
        return replace(self.policies, resource=target.policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A resource that is asked about."""

    title: str
    """Its ARN, or its name where only a deployment can tell that."""

    arn: str
    policy: Policy | None = None
    tags: Tags


@dataclass(frozen=True, slots=True)
class Vouching:
    """What an identity provider may vouch for."""

    provider: Provider
    unknown: tuple[str, ...] = ()
    """What only a deployment can tell, by which it may take other tokens."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a Pod Identity association may give."""

    association: Association
    unknown: tuple[str, ...] = ()
    """What only a deployment can tell, by which it may be for other pods, or another role."""


class Access:
    """What a plan says of who may do what."""

    def __init__(self, plan: "Plan", platform: "Platform") -> None:
        self._plan = plan
        self._platform = platform
        self._references = References(plan)
        self._documents = Documents(plan, self._references)

    @property
    def region(self) -> str:
        """Where everything is."""
        return self._platform.region

    def role(self, name: str, *others: str) -> "Resource":
        """Return a role by its name, its logical name or its ARN; others are names that would do too."""
        roles = self._plan.of_type(ROLE)
        found = planned_names.find(name, roles)
        if found is None:
            raise planned_names.missing("role", name, (*others, *map(called, roles)), (each.name for each in roles))
        return found

    def name(self, role: "Resource") -> str:
        """Return the name of a role."""
        return called(role)

    def trusting(self, role: "Resource") -> iam.Role:
        """Return a role as whoever would like to assume it finds it."""
        return iam.Role(arn=arn(role), trust=self._documents.trust(role))

    def providers(self) -> Iterator[Vouching]:
        """Give every identity provider."""
        for each in self._plan.of_type(IDENTITY_PROVIDER):
            audiences = at(each, "clientIdLists")
            known = texts(audiences)
            is_open = is_unknown(audiences) and _AUDIENCE not in known
            provider = Provider(arn=arn(each), client_ids=(*known, _AUDIENCE) if is_open else known)
            yield Vouching(provider, (f"clientIdLists of {each.name}",) if is_open else ())

    def given(self, role: "Resource", namespace: str, service_account: str) -> Iterator[Given]:
        """Give the Pod Identity associations that give a service account a role, or may."""
        for each in self._plan.of_type(POD_IDENTITY):
            unknown = self._open(each, role)
            is_for = all(
                at(each, key) in (value, Unknown())
                for key, value in zip(_ACCOUNT, (namespace, service_account), strict=True)
            )
            if is_for and unknown is not None:
                association = Association(
                    cluster_arn=self._cluster(each), namespace=namespace, service_account=service_account
                )
                for has_tags in _has_tags(each):
                    yield Given(replace(association, has_tags=has_tags), unknown)

    def _open(self, association: "Resource", role: "Resource") -> tuple[str, ...] | None:
        """Name what only a deployment can tell of an association; None when it is of another role."""
        referred = self._references.of(association, "roleArn", ROLE)
        if role not in referred.resources and not referred.is_unknown:
            return None
        asked = [*_ACCOUNT, "disableSessionTags"]
        found = [each for each in asked if isinstance(at(association, each), Unknown)]
        found += ["roleArn"] if referred.is_unknown else []
        return tuple(f"{each} of {association.name}" for each in found)

    def _cluster(self, association: "Resource") -> str:
        """Return the ARN of the cluster of an association, which need not be in the plan."""
        referred = self._references.of(association, "clusterName", CLUSTER)
        if referred.one:
            return arn(referred.one)
        head = text(plain(association.outputs.get("associationArn"))).rpartition(":")[0]
        return f"{head}:cluster/{referred.strangers[0]}" if head and referred.strangers else ""

    def principal(self, name: str) -> Principal:
        """Return a role by its name or ARN, or the deployer, with every policy."""
        if name == DEPLOYER:
            return self._deployer()
        role = self.role(name, DEPLOYER)
        return Principal(
            title=called(role),
            caller=callers.role_session(arn(role) or self._stand_in(role)),
            policies=Policies(identity=self._documents.identity(role), boundary=self._documents.boundary(role)),
            tags=_tags(role),
            unknown=() if arn(role) else (f"the ARN of {role.name}",),
        )

    def target(self, name: str, action: str) -> Target:
        """Return a resource by its ARN, or by the name that it has in the plan; ``*`` is none in particular."""
        there = [each for each in self._plan if "arn" in each.outputs]
        found = planned_names.find(name, there)
        if found:
            policy = self._documents.own(found, action)
            return Target(title=arn(found) or found.name, arn=arn(found), policy=policy, tags=_tags(found))
        if name != "*" and not name.startswith("arn:"):
            raise planned_names.missing("resource", name, (each.name for each in there), map(called, there))
        return Target(title=name, arn=name, policy=self._of_bucket(name, action), tags=Tags(known={}))

    def _of_bucket(self, name: str, action: str) -> Policy | None:
        """Return the policy of the bucket that an object is in."""
        head, _, _ = name.partition("/")
        found = next((each for each in self._plan if head.startswith("arn:") and arn(each) == head), None)
        return self._documents.own(found, action) if found and ":s3:::" in head else None

    def _stand_in(self, role: "Resource") -> str:
        """Return an ARN for a role of which only a deployment can tell its own."""
        partition, account_id = self._partition_and_account()
        return f"arn:{partition}:iam::{account_id}:role/{role.name}"

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
            tags=Tags(known={}),
        )

    def _partition_and_account(self) -> tuple[str, str]:
        for each in self._plan:
            account = callers.account_of(arn(each))
            if account:
                return arn(each).split(":")[1], account
        raise UsageError("nothing in the plan tells its account", tip="ask about a plan that makes the platform")


def _has_tags(association: "Resource") -> tuple[bool, ...]:
    """Tell whether an association tags sessions; both where only a deployment can tell."""
    disabled = at(association, "disableSessionTags")
    return (True, False) if isinstance(disabled, Unknown) else (not is_true(disabled),)


def _tags(resource: "Resource") -> Tags:
    tags = at(resource, "tags")
    if isinstance(tags, Unknown):
        return Tags(known={}, unknown=("*",))
    values = {key: plain(value) for key, value in properties(tags).items()}
    return Tags(
        known={key: text(value) for key, value in values.items() if not isinstance(value, Unknown)},
        unknown=tuple(key for key, value in values.items() if isinstance(value, Unknown)),
    )
