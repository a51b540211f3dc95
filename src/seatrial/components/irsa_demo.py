"""Roles for service accounts, shown: a bucket that one service account may use, and nobody else."""

from collections.abc import Sequence
from typing import TypedDict

import pulumi

from seatrial import names
from seatrial.components.bucket import Bucket
from seatrial.components.environment import Environment
from seatrial.components.inside import Inside, InsideArgs, registered_inputs
from seatrial.components.issuer import Issuer, IssuerArgs
from seatrial.components.kubernetes_object import service_accounts
from seatrial.components.role import Role
from seatrial.iam import irsa_demo as permissions
from seatrial.iam.document import text
from seatrial.manifests import irsa_demo

_KIND = "eks-irsa-demo"


class IrsaDemoSettings(TypedDict):
    """What a platform chooses about the demonstration."""

    namespace: str
    """Where the service account is."""

    test_pod: bool
    """Run a pod that lists the bucket once a minute."""


class IrsaDemoArgs(InsideArgs, IssuerArgs, IrsaDemoSettings):
    """Inputs of :class:`IrsaDemo`."""


class IrsaDemo(pulumi.ComponentResource):
    """A bucket, a role that may use it, and a service account that may take the role on.

    Give it ``depends_on`` the namespace.
    """

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""

    role_arn: pulumi.Output[str]
    """Role that may use it."""

    service_accounts: Sequence[str]
    """The service account, as ``namespace/name``."""

    def __init__(self, name: str, args: IrsaDemoArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("seatrial:index:IrsaDemo", name, registered_inputs(args), opts)
        inside = Inside.of(self, args, opts)
        bucket = _bucket(self, args)
        role = _role(self, args, bucket)
        account = irsa_demo.account(args["namespace"], role.arn)
        known = inside.ending_with_place(account)
        if args["test_pod"]:
            region, registry = args["account"]["region"], args.get("image_registry", "")
            pod = irsa_demo.test_pod(args["namespace"], bucket.bucket_name, region, registry)
            inside.ending_with_place(pod, [role, known])
        self.bucket_name = bucket.bucket_name
        self.role_arn = role.arn
        self.service_accounts = service_accounts([account])
        self.register_outputs(
            {"bucketName": self.bucket_name, "roleArn": self.role_arn, "serviceAccounts": self.service_accounts}
        )


def _bucket(parent: IrsaDemo, args: IrsaDemoArgs) -> Bucket:
    environment = Environment.of(args)
    account = environment.account
    name = names.irsa_demo_bucket(account.account_id, account.region, environment.suffix)
    policy = permissions.bucket_policy(account.bucket_arn(name))
    return Bucket(
        environment.name("irsa-demo-bucket"),
        {**environment.pass_on(), "kind": _KIND, "bucket_name": name, "policy": text(policy)},
        pulumi.ResourceOptions(parent=parent),
    )


def _role(parent: IrsaDemo, args: IrsaDemoArgs, bucket: Bucket) -> Role:
    environment = Environment.of(args)
    trust = Issuer.of(args).trust(lambda arn, url: permissions.trust_document(arn, url, args["namespace"]))
    return Role(
        environment.name("irsa-demo-role"),
        {
            **environment.pass_on(),
            "kind": _KIND,
            "description": "Demonstration: one bucket for one service account",
            "trust": trust,
            "inline_policies": {"bucket": bucket.arn.apply(permissions.policy).apply(text)},
        },
        pulumi.ResourceOptions(parent=parent),
    )
