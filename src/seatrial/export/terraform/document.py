"""The document: planned values, changes and references of every AWS resource.

See https://developer.hashicorp.com/terraform/internals/json-format
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Final

from seatrial.export.terraform import names, values
from seatrial.export.terraform.values import Marked
from seatrial.plan import Plan, Resource
from seatrial.plan.render.shown import Json

_FORMAT: Final = "1.2"
_VERSION: Final = "1.9.0"
"""Of the Terraform that writes this format; nothing of it runs here."""

_PROVIDER: Final = "hashicorp/aws"
_PREFIX: Final = "aws:"


def render(plan: Plan) -> str:
    """Write the document; a plan that is a preview keeps what only a deployment can tell unknown."""
    return json.dumps(document(plan), indent=2, ensure_ascii=False) + "\n"


def document(plan: Plan) -> Json:
    """Return the document before it is text."""
    addresses = _addresses(plan)
    resources = [plan[urn] for urn in sorted(addresses, key=lambda urn: addresses[urn])]
    marked = {each.urn: _marked(each) for each in resources}
    return {
        "format_version": _FORMAT,
        "terraform_version": _VERSION,
        "planned_values": {
            "outputs": _outputs(plan),
            "root_module": {"resources": [_planned(each, addresses, marked[each.urn]) for each in resources]},
        },
        "resource_changes": [_change(each, addresses, marked[each.urn]) for each in resources],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": _PROVIDER}},
            "root_module": {"resources": [_configured(each, addresses) for each in resources]},
        },
    }


def _addresses(plan: Plan) -> Mapping[str, str]:
    """Name every AWS resource: ``aws_vpc.eks-vpc-dev``; a name that comes again gets a number."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for each in plan:
        if each.custom and each.type.startswith(_PREFIX):
            address = f"{names.type_name(each.type)}.{names.local_name(each.name)}"
            found[each.urn] = f"{address}_{seen[address]}" if seen[address] else address
            seen[address] += 1
    return found


def _marked(resource: Resource) -> Marked:
    return values.of_properties({**resource.outputs, **resource.inputs, "id": resource.id})


def _identity(resource: Resource, addresses: Mapping[str, str]) -> dict[str, Json]:
    address = addresses[resource.urn]
    type_, _, name = address.partition(".")
    return {"address": address, "mode": "managed", "type": type_, "name": name, "provider_name": _PROVIDER}


def _planned(resource: Resource, addresses: Mapping[str, str], marked: Marked) -> Json:
    return {
        **_identity(resource, addresses),
        "schema_version": 0,
        "values": marked.known,
        "sensitive_values": marked.sensitive,
    }


def _change(resource: Resource, addresses: Mapping[str, str], marked: Marked) -> Json:
    return {
        **_identity(resource, addresses),
        "change": {
            "actions": ["create"],
            "before": None,
            "after": marked.known,
            "after_unknown": marked.unknown,
            "before_sensitive": False,
            "after_sensitive": marked.sensitive,
        },
    }


def _configured(resource: Resource, addresses: Mapping[str, str]) -> Json:
    sources = {
        key: [addresses[urn] for urn in urns if urn in addresses]
        for key, urns in resource.property_dependencies.items()
    }
    identity = _identity(resource, addresses)
    return {
        **{key: identity[key] for key in ("address", "mode", "type", "name")},
        "provider_config_key": "aws",
        "expressions": values.references(resource.inputs, sources),
        "schema_version": 0,
        "depends_on": [addresses[urn] for urn in resource.dependencies if urn in addresses],
    }


def _outputs(plan: Plan) -> Json:
    marked = {key: values.of_output(value) for key, value in plan.outputs.items()}
    return {
        key: {"sensitive": bool(each.sensitive), **({} if each.unknown else {"value": each.known})}
        for key, each in marked.items()
    }
