"""Policy documents as the AWS provider composes them: its function ``getPolicyDocument``, without the provider.

It is the data source ``aws_iam_policy_document`` of https://github.com/hashicorp/terraform-provider-aws. What is
composed here equals it byte for byte, but for the order of principals and conditions that are given in several blocks.
See its page ``website/docs/d/iam_policy_document.html.markdown`` and, for what isn't said there,
``internal/service/iam/policy_model.go`` (read in November 2026).
"""

from seatrial.iam.composition.composed import ARGUMENTS, compose

__all__ = ["ARGUMENTS", "compose"]
