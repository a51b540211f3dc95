"""Policy documents as the AWS provider composes them: its function ``getPolicyDocument``, without the provider.

It is Terraform's data source ``aws_iam_policy_document``, whose documents these equal byte for byte. See
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document and, for what isn't
said there, ``internal/service/iam/policy_model.go`` of https://github.com/hashicorp/terraform-provider-aws (read in
November 2026).
"""

from seatrial.iam.composition.composed import ARGUMENTS, compose

__all__ = ["ARGUMENTS", "compose"]
