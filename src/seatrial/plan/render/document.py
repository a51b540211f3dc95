"""A plan as JSON: the format that other programs read."""

import json

from seatrial.plan.graph import Plan, Resource
from seatrial.plan.render.shown import Json, shown


def render(plan: Plan) -> str:
    """Write a plan as a JSON document; the keys and their order are a promise."""
    return json.dumps(document(plan), indent=2, ensure_ascii=False) + "\n"


def document(plan: Plan) -> Json:
    """Return the document before it is text."""
    return {
        "project": plan.project,
        "stack": plan.stack,
        "resources": [_resource(resource) for resource in plan],
        "outputs": shown(plan.outputs),
    }


def _resource(resource: Resource) -> Json:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "parent": resource.parent,
        "provider": resource.provider,
        "custom": resource.custom,
        "id": shown(resource.id),
        "inputs": shown(resource.inputs),
        "dependencies": list(resource.dependencies),
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "deletedWith": resource.deleted_with,
    }
