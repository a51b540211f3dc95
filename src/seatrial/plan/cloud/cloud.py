"""The fake cloud: what a plan knows how to make."""

from collections.abc import Mapping, Sequence
from typing import Final

from seatrial.plan.cloud import cloudwatch, ec2, eks, iam, kms, provider, schema
from seatrial.plan.cloud.invokes import InvokeRefused, invoke
from seatrial.plan.cloud.order import Handler, Made, Order, merged
from seatrial.plan.graph import Properties, Resource, Value

_HANDLERS: Final[Mapping[str, Handler]] = merged(
    (provider.HANDLERS, ec2.HANDLERS, eks.HANDLERS, iam.HANDLERS, kms.HANDLERS, cloudwatch.HANDLERS)
)


class Cloud:
    """Answers for AWS; it keeps nothing, so the same order always gets the same answer."""

    def make(self, resource: Resource, provider: Resource | None) -> tuple[Made, Sequence[str]]:
        """Make a resource; the texts say what AWS, its provider or the engine would refuse about it."""
        handler = _HANDLERS.get(resource.type)
        if handler is None:
            return Made(""), ["a plan can't make resources of this type"]
        order = Order(resource, _region(resource, provider))
        return handler(order), [*_without_provider(resource, provider), *schema.faults(resource.type, resource.inputs)]

    def invoke(self, token: str, args: Properties, provider: Resource | None) -> Mapping[str, Value]:
        """Call a function of the provider; InvokeRefused when there is no answer."""
        if provider is None:
            raise InvokeRefused(_NO_PROVIDER)
        return invoke(token, args, _configured_region(provider))


_NO_PROVIDER: Final = "no provider is given, so that account and region would be those of whoever deploys"


def _without_provider(resource: Resource, provider: Resource | None) -> Sequence[str]:
    return [] if provider or resource.is_provider else [_NO_PROVIDER]


def _region(resource: Resource, provider: Resource | None) -> str:
    asked = resource.inputs.get("region")
    return asked if isinstance(asked, str) else _configured_region(provider or resource)


def _configured_region(provider: Resource) -> str:
    region = provider.inputs.get("region")
    return region if isinstance(region, str) else ""
