"""Any type of the provider, as far as its schema tells what AWS would answer.

That is what the resource is called, and what follows from it. Everything else only a deployment can tell.
"""

from typing import Final

from seatrial.plan.cloud import arns, sdk
from seatrial.plan.cloud.order import Made, Order
from seatrial.plan.graph import Unknown, Value

_NAMES: Final = ("name", "bucket", "identifier", "clusterIdentifier", "clusterId", "replicationGroupId")
"""What the provider calls a resource's own name, the likeliest first."""


def make(order: Order) -> Made:
    """Make a resource whose id is its name."""
    outputs = sdk.outputs(order.resource.type)
    key = next((key for names in (order.inputs, outputs) for key in _NAMES if key in names), "name")
    name = order.name(key)
    known: dict[str, Value] = {
        "arn": arns.of(order, name),
        "name": name,
        key: name,
        "region": order.region,
        **order.tags(),
    }
    untold = sorted(outputs - order.inputs.keys())
    return Made(name, {output: known.get(output, Unknown()) for output in untold})
