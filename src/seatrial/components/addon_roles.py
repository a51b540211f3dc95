"""Roles of the add-ons that call AWS, one for each service account."""

import pulumi

from seatrial.components.environment import Environment
from seatrial.components.issuer import Issuer
from seatrial.components.role import Role
from seatrial.iam import ebs_csi as csi_role
from seatrial.iam import managed
from seatrial.iam import vpc_cni as cni_role
from seatrial.iam.document import text

VPC_CNI = "vpc-cni"
EBS_CSI = "aws-ebs-csi-driver"


def vpc_cni(environment: Environment, issuer: Issuer, opts: pulumi.ResourceOptions) -> Role:
    """Make the role of the network plugin."""
    return Role(
        environment.name("vpc-cni-role"),
        {
            **environment.pass_on(),
            "kind": "eks-vpc-cni",
            "description": "VPC CNI: network interfaces and addresses of nodes",
            "trust": issuer.trust(cni_role.trust_document),
            "managed_policies": managed.arns(environment.account, cni_role.POLICIES),
        },
        opts,
    )


def ebs_csi(
    environment: Environment, issuer: Issuer, volumes_key_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> Role:
    """Make the role of the volume driver."""
    return Role(
        environment.name("ebs-csi-role"),
        {
            **environment.pass_on(),
            "kind": "eks-ebs-csi",
            "description": "EBS CSI driver: persistent volumes",
            "trust": issuer.trust(csi_role.trust_document),
            "managed_policies": managed.arns(environment.account, csi_role.POLICIES),
            "inline_policies": {"volumes": volumes_key_arn.apply(csi_role.volumes_policy).apply(text)},
        },
        opts,
    )
