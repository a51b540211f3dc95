"""Writes ``schema.json``: the properties of our resource types as the installed ``pulumi_aws`` declares them.

Run ``python -m seatrial.rehearsal.providers.aws.schema_source`` after adding a type or raising the version of
``pulumi_aws``. The result is kept as a file because importing that package takes longer than a whole plan.
"""

import collections.abc
import importlib
import inspect
import json
import types
import typing
from typing import Any

from pulumi import (
    _types as sdk_types,  # pyright: ignore[reportPrivateUsage]  # the SDK's only reader of its property names
)

from seatrial.rehearsal.providers.aws.schema import SCHEMA_FILE

CLASSES = {
    "cloudwatch": ("LogGroup",),
    "ec2": (
        "DefaultSecurityGroup",
        "Eip",
        "FlowLog",
        "InternetGateway",
        "LaunchTemplate",
        "NatGateway",
        "Route",
        "RouteTable",
        "RouteTableAssociation",
        "SecurityGroup",
        "Subnet",
        "Vpc",
        "VpcEndpoint",
    ),
    "eks": ("AccessEntry", "AccessPolicyAssociation", "Addon", "Cluster", "NodeGroup", "PodIdentityAssociation"),
    "iam": ("OpenIdConnectProvider", "Policy", "Role", "RolePolicy", "RolePolicyAttachment"),
    "kms": ("Alias", "Key"),
    "s3": (
        "Bucket",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
    ),
    "vpc": ("SecurityGroupEgressRule", "SecurityGroupIngressRule"),
}
"""The classes of ``pulumi_aws`` whose types the provider serves, by module."""

_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}


def extract() -> dict[str, Any]:
    """Return every type's inputs and outputs, by type token."""
    schema: dict[str, Any] = {}
    for module_name, names in CLASSES.items():
        module = importlib.import_module(f"pulumi_aws.{module_name}")
        for name in names:
            resource = getattr(module, name)
            schema[resource.pulumi_type] = {
                "inputs": _inputs(_arguments(module, name)),
                "outputs": {key: _described(kind) for key, kind in sorted(sdk_types.resource_types(resource).items())},
            }
    return dict(sorted(schema.items()))


def _arguments(module: types.ModuleType, name: str) -> type:
    """Return the class of a type's inputs, which has another name where a property's type took that one."""
    return getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")


def _inputs(arguments: type) -> dict[str, Any]:
    spelled = sdk_types.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments.__init__).parameters
    required = {spelled[key] for key, it in parameters.items() if key in spelled and it.default is it.empty}
    kinds = sdk_types.input_type_types(arguments)
    return {key: _described(kind) | _requirement(key in required) for key, kind in sorted(kinds.items())}


def _requirement(required: bool) -> dict[str, bool]:
    return {"required": True} if required else {}


def _described(annotation: Any) -> dict[str, Any]:
    plain = annotation if isinstance(annotation, type) else sdk_types.unwrap_type(annotation)
    origin = typing.get_origin(plain)
    if origin is collections.abc.Sequence:
        return {"list": _described(typing.get_args(plain)[0])}
    if origin is collections.abc.Mapping:
        return {"map": _described(typing.get_args(plain)[1])}
    if origin in (typing.Union, types.UnionType):
        return {"kind": "document"}
    if plain in _SCALARS:
        return {"kind": _SCALARS[plain]}
    return {"object": _inputs(plain) if plain.__name__.endswith("Args") else _outputs(plain)}


def _outputs(nested: type) -> dict[str, Any]:
    return {key: _described(kind) for key, kind in sorted(sdk_types.output_type_types(nested).items())}


def write() -> None:
    """Replace the file that :mod:`.schema` reads."""
    SCHEMA_FILE.write_text(json.dumps(extract(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
