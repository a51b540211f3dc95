"""What every component is told about the environment that it is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, Self, TypedDict

import pulumi

from seatrial import names
from seatrial.iam.account import Account


class AccountArgs(TypedDict):
    """The AWS account and region; the fields of :class:`seatrial.iam.account.Account`."""

    partition: str
    """``aws``, ``aws-cn`` or ``aws-us-gov``."""

    dns_suffix: str
    """``amazonaws.com``, except in China."""

    account_id: str
    """Twelve digits."""

    region: str
    """``us-east-2``."""


class EnvironmentArgs(TypedDict):
    """Inputs that every component shares."""

    environment_suffix: str
    """End of every name. Plain: it is part of every child's identity."""

    account: AccountArgs
    """Where the resources are made."""

    tags: NotRequired[Mapping[str, str]]
    """Tags of every child that can have any; ``Name`` comes on top. Defaults to none."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Names and tags of a component's children."""

    suffix: str
    """End of every name."""

    account: Account
    """Where the resources are made."""

    shared_tags: Mapping[str, str]
    """Tags of every child."""

    @classmethod
    def of(cls, args: EnvironmentArgs) -> Self:
        """Take the shared inputs out of a component's arguments."""
        return cls(args["environment_suffix"], Account(**args["account"]), args.get("tags", {}))

    def name(self, kind: str) -> str:
        """Return the name of a resource, ``eks-vpc-dev``."""
        return names.resource(kind, self.suffix)

    def tags(self, name: str, **more: str) -> dict[str, str]:
        """Return the tags of the resource of that name."""
        return {**names.named(name, self.shared_tags), **more}

    def pass_on(self) -> EnvironmentArgs:
        """Return the shared inputs, for a component within this one."""
        account = self.account
        return {
            "environment_suffix": self.suffix,
            "account": {
                "partition": account.partition,
                "dns_suffix": account.dns_suffix,
                "account_id": account.account_id,
                "region": account.region,
            },
            "tags": self.shared_tags,
        }


def children(parent: pulumi.Resource, opts: pulumi.ResourceOptions | None = None) -> pulumi.ResourceOptions:
    """Return the options of a component's children.

    Children inherit providers from their parent, but not what it depends on: that is handed on here, so that nothing
    in the component starts before, or outlives, what the component was told to wait for.
    """
    return pulumi.ResourceOptions(parent=parent, depends_on=opts.depends_on if opts else None)
