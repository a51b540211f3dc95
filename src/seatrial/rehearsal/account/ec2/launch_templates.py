"""Launch templates: every member kept and given back, tags in one place."""

import re
from collections.abc import Mapping
from typing import Any, cast

from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.stores import store
from seatrial.rehearsal.account.ec2.wire import one, render, several
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_LISTS = {
    "BlockDeviceMapping": "BlockDeviceMappings",
    "LicenseSpecification": "LicenseSpecifications",
    "NetworkInterface": "NetworkInterfaces",
    "SecurityGroup": "SecurityGroups",
    "SecurityGroupId": "SecurityGroupIds",
    "Tag": "Tags",
    "TagSpecification": "TagSpecifications",
}
"""Lists by their names in a request, to their names in the API."""

_SHOWN = {
    "BlockDeviceMappings": "blockDeviceMappingSet",
    "Groups": "groupSet",
    "LicenseSpecifications": "licenseSet",
    "NetworkInterfaces": "networkInterfaceSet",
    "SecurityGroups": "securityGroupSet",
    "SecurityGroupIds": "securityGroupIdSet",
    "Tags": "tagSet",
    "TagSpecifications": "tagSpecificationSet",
}
"""Lists by their names in the API, to their names in an answer."""

Tree = dict[str, Any]
"""Members by name; a list is a tree whose names are numbers."""


def check(params: Params) -> None:
    """Refuse a name that no template has."""
    known = {template["LaunchTemplateName"] for template in store("LaunchTemplateId").values()}
    single = [one(params, "LaunchTemplateName")] if "LaunchTemplateName" in params else []
    for name in [*single, *several(params, "LaunchTemplateName")]:
        if name not in known:
            text = f"At least one of the launch templates specified in the request does not exist: {name}"
            raise RefusedError("InvalidLaunchTemplateName.NotFoundException", text)


def parse(params: Params, prefix: str = "LaunchTemplateData") -> Record:
    """Read the data of a template, in place of MiniStack's reader, which drops what it doesn't know."""
    tree: Tree = {}
    for key, value in params.items():
        if key.startswith(f"{prefix}."):
            *path, last = key.removeprefix(f"{prefix}.").split(".")
            branch = tree
            for name in path:
                branch = cast(Tree, branch.setdefault(name, {}))
            branch[last] = value[0]
    return _named(tree)


def _named(tree: Tree) -> Record:
    return {_LISTS.get(name, name): _value(branch) for name, branch in tree.items()}


def _value(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    tree = cast(Tree, branch)
    if all(re.fullmatch(r"\d+", name) for name in tree):
        return [_value(tree[name]) for name in sorted(tree, key=int)]
    return _named(tree)


def shown(data: Mapping[str, Any]) -> str:
    """Write the data of a template, in place of MiniStack's writer."""
    options = {"MetadataOptions": {"State": "applied", **data["MetadataOptions"]}} if "MetadataOptions" in data else {}
    return render(_wire({**data, **options}))


def _wire(value: Any) -> Any:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        if "DeviceIndex" in members and "SecurityGroupIds" in members:
            groups = members["SecurityGroupIds"]
            members = {name: value for name, value in members.items() if name != "SecurityGroupIds"} | {
                "Groups": groups
            }
        return {_wire_name(name, member): _wire(member) for name, member in members.items()}
    return [_wire(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def _wire_name(name: str, value: Any) -> str:
    plain = name[0].lower() + name[1:]
    return _SHOWN.get(name, f"{plain}Set" if isinstance(value, list) else plain)


def forget_copies() -> None:
    """Drop MiniStack's copy of a template's tags, which later changes of tags don't reach."""
    for template in store("LaunchTemplateId").values():
        template.pop("Tags", None)
