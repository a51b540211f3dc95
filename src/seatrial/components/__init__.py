"""Pulumi components of the platform, one a module: typed arguments in, resources, outputs.

Resource classes are imported from the module that defines them, never from their package: ``pulumi_aws.ec2`` alone
loads 370 modules, most of the time that a plan has.
"""
