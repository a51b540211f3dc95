"""Customer-managed keys: one each for secrets, logs and volumes, so that none opens more than it must."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
from pulumi_aws.kms.alias import Alias
from pulumi_aws.kms.key import Key

from seatrial.components.environment import Environment, EnvironmentArgs
from seatrial.iam import keys
from seatrial.iam.document import Document, text


class EncryptionSettings(TypedDict):
    """What a platform chooses about its keys."""

    rotation_days: int
    """Days between two rotations."""

    deletion_window_days: int
    """Days in which a deletion can be undone."""


class EncryptionArgs(EnvironmentArgs, EncryptionSettings):
    """Inputs of :class:`Encryption`."""

    log_groups: Sequence[str]
    """Names of the log groups that the logs key may encrypt."""


class Encryption(pulumi.ComponentResource):
    """Three keys with rotation, a policy and an alias each."""

    secrets_key_arn: pulumi.Output[str]
    """Wraps the keys of Kubernetes secrets."""

    logs_key_arn: pulumi.Output[str]
    """Encrypts log groups."""

    volumes_key_arn: pulumi.Output[str]
    """Encrypts the disks of nodes and persistent volumes."""

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:Encryption", name, dict(args), opts)
        account = Environment.of(args).account
        self.secrets_key_arn = _key(self, args, "secrets", keys.secrets(account))
        self.logs_key_arn = _key(self, args, "logs", keys.logs(account, args["log_groups"]))
        self.volumes_key_arn = _key(self, args, "volumes", keys.volumes(account))
        self.register_outputs(
            {
                "secretsKeyArn": self.secrets_key_arn,
                "logsKeyArn": self.logs_key_arn,
                "volumesKeyArn": self.volumes_key_arn,
            }
        )


def _key(parent: Encryption, args: EncryptionArgs, purpose: str, policy: Document) -> pulumi.Output[str]:
    """Make a key and its alias; return the key's ARN."""
    environment = Environment.of(args)
    name = environment.name(f"eks-{purpose}-key")
    key = Key(
        name,
        description=f"EKS platform {args['environment_suffix']}: {purpose}",
        policy=text(policy),
        enable_key_rotation=True,
        rotation_period_in_days=int(args["rotation_days"]),
        deletion_window_in_days=int(args["deletion_window_days"]),
        tags=environment.tags(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    Alias(
        environment.name(f"eks-{purpose}-alias"),
        name=f"alias/{environment.name(f'eks-{purpose}')}",
        target_key_id=key.key_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return key.arn
