"""EKS access entries: IAM principals as users of the cluster, and access policies as what they may do there.

See https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html,
https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html and
https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html. EKS asks the access policies beside the
roles of the cluster: what either allows is allowed.
"""

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, TypedDict, cast

from seatrial.errors import UsageError
from seatrial.semantics.fields import Fields
from seatrial.semantics.rbac import roles
from seatrial.semantics.rbac.authorization import Held
from seatrial.semantics.rbac.bindings import Holder, HolderKind
from seatrial.semantics.rbac.rules import Rule
from seatrial.semantics.rbac.subjects import Subject, user


class EntryKind(StrEnum):
    """What an access entry is for; only the standard ones have groups and access policies of one's own choice."""

    STANDARD = "STANDARD"
    EC2_LINUX = "EC2_LINUX"
    EC2_WINDOWS = "EC2_WINDOWS"
    FARGATE_LINUX = "FARGATE_LINUX"
    HYBRID_LINUX = "HYBRID_LINUX"


@dataclass(frozen=True, slots=True)
class Association:
    """One access policy of an access entry."""

    policy: str
    """Its name, or its ARN."""

    namespaces: tuple[str, ...] | None = None
    """Where it counts, ``*`` standing for any text: ``dev-*``. None for the whole cluster."""

    @property
    def name(self) -> str:
        """The policy's name."""
        return self.policy.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One IAM principal that the cluster knows."""

    principal_arn: str
    """Of a role or a user."""

    kind: EntryKind = EntryKind.STANDARD
    groups: tuple[str, ...] = ()
    user_name: str = ""
    """May hold ``{{SessionName}}``; empty for the name that EKS chooses."""

    associations: tuple[Association, ...] = ()


_NODES: Final = "system:nodes"
_NODE_NAME: Final = "system:node:{{SessionName}}"


def subject(entry: AccessEntry, session: str = "session") -> Subject:
    """Return who the principal of an entry is in the cluster.

    Args:
        entry: The access entry.
        session: Name of the role's session; for the role of EC2 nodes, the node's private DNS name.

    """
    name = (entry.user_name or _chosen_name(entry)).replace("{{SessionNameRaw}}", session)
    groups = entry.groups if entry.kind is EntryKind.STANDARD else (_NODES,)
    return user(name.replace("{{SessionName}}", session.replace("@", "-")), *groups, principal_arn=entry.principal_arn)


def _chosen_name(entry: AccessEntry) -> str:
    if entry.kind is not EntryKind.STANDARD:
        return _NODE_NAME
    _, partition, _, _, account, resource = entry.principal_arn.split(":", 5)
    if not resource.startswith("role/"):
        return entry.principal_arn
    return f"arn:{partition}:sts::{account}:assumed-role/{resource.rpartition('/')[2]}/{{{{SessionName}}}}"


def held(entry: AccessEntry) -> Iterator[tuple[Holder, Held]]:
    """Give what an entry's access policies give its principal; UsageError for a policy whose rules are not known."""
    for association in entry.associations:
        yield (
            Holder(HolderKind.PRINCIPAL, entry.principal_arn),
            Held(
                binding="the access entry",
                role=f"AccessPolicy/{association.name}",
                rules=policy_rules(association.name),
                namespaces=association.namespaces,
            ),
        )


def is_known(policy: str) -> bool:
    """Tell whether the rules of an access policy, by its name or ARN, are known."""
    return Association(policy).name in _data()["policies"]


class _Data(TypedDict):
    source: str
    date: str
    policies: dict[str, list[dict[str, object]]]


@cache
def policy_rules(name: str) -> tuple[Rule, ...]:
    """Return the rules of an access policy by its name; UsageError for one whose rules are not known."""
    policies = _data()["policies"]
    if name not in policies:
        near = difflib.get_close_matches(name, policies)
        tip = f"near it: {', '.join(near)}" if near else f"known are: {', '.join(sorted(policies))}"
        raise UsageError(f"the rules of the access policy {name!r} are not known", tip=tip)
    return tuple(roles.rule(Fields(each, f"{name}: ", [])) for each in policies[name])


@cache
def _data() -> _Data:
    file = resources.files("seatrial.semantics.rbac").joinpath("access_policies.json")
    return cast("_Data", json.loads(file.read_text(encoding="utf-8")))
