"""Pulumi components of the platform, one a module: typed arguments in, resources, outputs.

Resource classes are imported from the module that defines them, never from their package: ``pulumi_aws.ec2`` alone
loads 370 modules, most of the time that a plan has.
"""

from importlib import import_module

# These name themselves in some of their modules. Imported for the first time by way of such a module, they would miss
# its classes for ever, and with them whoever says `pulumi_aws.iam.Role`. Any attribute makes the SDK load them.
for _service in ("ec2", "eks", "iam", "s3"):
    getattr(import_module(f"pulumi_aws.{_service}"), "__all__", None)
