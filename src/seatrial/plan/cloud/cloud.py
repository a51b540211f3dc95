"""The fake cloud: what a plan knows how to make."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from seatrial import regions
from seatrial.plan.cloud import (
    by_schema,
    cloudwatch,
    ec2,
    eks,
    iam,
    kms,
    kubernetes,
    provider,
    s3,
    schema,
    sdk,
    unknowns,
)
from seatrial.plan.cloud.invokes import InvokeError, invoke
from seatrial.plan.cloud.order import Handler, Made, Order, merged
from seatrial.plan.graph import Properties, Resource, Unknown

_HANDLERS: Final[Mapping[str, Handler]] = merged(
    (
        provider.HANDLERS,
        ec2.HANDLERS,
        eks.HANDLERS,
        iam.HANDLERS,
        kms.HANDLERS,
        cloudwatch.HANDLERS,
        s3.HANDLERS,
        kubernetes.HANDLERS,
    )
)

_NO_PROVIDER: Final = (
    "no provider is given, so that account and region would be those of whoever deploys; "
    "give it a provider, or a parent that has one"
)

_OTHER_PACKAGE: Final = (
    "a plan can't make resources of this package; it can make every type of aws that the installed pulumi_aws has, "
    "and of kubernetes"
)

_NO_CLUSTER: Final = (
    "no provider is given, so that the cluster would be that of whoever deploys; "
    "give it a provider, or a parent that has one"
)


class Cloud:
    """Answers for AWS and for the clusters in it; it keeps nothing, so the same order always gets the same answer."""

    def make(self, resource: Resource, provider: Resource | None) -> tuple[Made, Sequence[str]]:
        """Make a resource; the texts say what AWS, its provider or the engine would refuse about it."""
        handler = _handler(resource.type)
        if handler is None:
            return Made(""), [_OTHER_PACKAGE]
        made = handler(Order(resource, _region(resource, provider)))
        return unknowns.kept(made, resource.inputs), list(_refusals(resource, provider))

    def invoke(self, token: str, args: Properties, provider: Resource | None) -> Properties | Unknown:
        """Call a function of the provider; Unknown if only a deployment can, InvokeError when there is no answer."""
        if provider is None:
            raise InvokeError(_NO_PROVIDER)
        return invoke(token, args, _configured_region(provider))


def _handler(token: str) -> Handler | None:
    if token.startswith(kubernetes.PREFIX):
        return kubernetes.make
    return _HANDLERS.get(token) or (by_schema.make if token.startswith(sdk.PREFIX) else None)


def _refusals(resource: Resource, provider: Resource | None) -> Iterator[str]:
    if resource.type in kubernetes.HANDLERS:
        yield from kubernetes.provider_faults(resource.inputs)
    elif resource.is_provider:
        yield from _region_refusals(_configured_region(resource))
    elif resource.type.startswith(kubernetes.PREFIX):
        yield from [_NO_CLUSTER] if provider is None else []
        yield from kubernetes.faults(resource.type, resource.inputs)
    else:
        yield from [_NO_PROVIDER] if provider is None else []
        yield from schema.faults(resource.type, resource.inputs)


def _region_refusals(region: str) -> Iterator[str]:
    if region not in regions.NAMES:
        yield f"no region {region!r} in which EKS runs; there are {', '.join(regions.NAMES)}"


def _region(resource: Resource, provider: Resource | None) -> str:
    asked = resource.inputs.get("region")
    return asked if isinstance(asked, str) else _configured_region(provider or resource)


def _configured_region(provider: Resource) -> str:
    region = provider.inputs.get("region")
    return region if isinstance(region, str) else ""
