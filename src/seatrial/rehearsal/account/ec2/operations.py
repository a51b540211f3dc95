"""Which of EC2's operations are answered here, and which are looked at before MiniStack answers them."""

import math
from collections.abc import Callable, Iterable, Mapping

from seatrial.rehearsal.account import answers, emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2 import (
    addresses,
    endpoints,
    flow_logs,
    instances,
    interfaces,
    launch_templates,
    listings,
    nat_gateways,
    networks,
    routes,
    security_groups,
    stores,
    tags,
    volumes,
    wire,
    zones,
)
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.emulator import Record, Reply
from seatrial.rehearsal.account.refusal import RefusedError

Guard = Callable[[Params], None]
"""Refuses a call, or lets it pass."""

GUARDS: Mapping[str, Guard] = {
    "AssociateRouteTable": routes.associate,
    "AttachInternetGateway": networks.attach_gateway,
    "AuthorizeSecurityGroupEgress": security_groups.authorize,
    "AuthorizeSecurityGroupIngress": security_groups.authorize,
    "CreateLaunchTemplateVersion": launch_templates.check,
    "CreateRoute": routes.create_route,
    "CreateSecurityGroup": security_groups.create,
    "CreateSubnet": networks.create_subnet,
    "CreateTags": tags.create,
    "CreateVolume": volumes.create,
    "CreateVpc": networks.create_vpc,
    "DeleteInternetGateway": networks.delete_gateway,
    "DeleteLaunchTemplate": launch_templates.check,
    "DeleteNetworkInterface": interfaces.delete,
    "DeleteRoute": routes.change_route,
    "DeleteRouteTable": routes.delete_table,
    "DeleteSecurityGroup": security_groups.delete,
    "DeleteSubnet": networks.delete_subnet,
    "DeleteVpc": networks.delete_vpc,
    "DescribeLaunchTemplateVersions": launch_templates.check,
    "DescribeLaunchTemplates": launch_templates.check,
    "DescribeSecurityGroupRules": security_groups.describe_rules,
    "DetachInternetGateway": networks.detach_gateway,
    "DetachNetworkInterface": interfaces.detach,
    "DisassociateAddress": addresses.dissociate,
    "DisassociateRouteTable": routes.dissociate,
    "ReleaseAddress": addresses.release,
    "ReplaceRoute": routes.change_route,
    "RevokeSecurityGroupEgress": security_groups.revoke,
    "RevokeSecurityGroupIngress": security_groups.revoke,
}
"""Operation to what is looked at before MiniStack answers it."""

OWN: Mapping[str, Callable[[Params, float], Record]] = {
    "CreateFlowLogs": lambda params, _: flow_logs.create(params),
    "CreateNatGateway": nat_gateways.create,
    "CreateNetworkInterface": lambda params, _: interfaces.create(params),
    "CreateVpcEndpoint": endpoints.create,
    "DeleteFlowLogs": lambda params, _: flow_logs.delete(params),
    "DeleteNatGateway": nat_gateways.delete,
    "DeleteVpcEndpoints": endpoints.delete,
    "DescribeAvailabilityZones": lambda params, _: zones.describe(params),
    "ModifyVpcEndpoint": lambda params, _: endpoints.modify(params),
}
"""Operation to what answers it here; the second argument is when what begins now ends."""

AFTER: Mapping[str, Guard] = {"TerminateInstances": instances.terminated}
"""Operation to what happens when MiniStack has answered it."""

_FORGETTING = ("Delete", "Release")

_UNTOUCHED = frozenset({"CreateTags", "DeleteTags"})
"""Name resources of any kind, by another parameter."""


def install(service: Service) -> None:
    """Take the place of MiniStack's actions, and start without the network that AWS gives every new account."""
    module = emulator.service("ec2")
    actions = emulator.member(module, "_ACTION_MAP")
    for name, action in emulator.original(module, "_ACTION_MAP").items():
        actions[name] = _action(name, action, service)
    vars(module)["_parse_lt_data"] = launch_templates.parse
    security_groups.install()
    vars(module)["_lt_data_xml"] = launch_templates.shown
    vars(module)["_ensure_defaults_initialized"] = _no_defaults
    instances.install()
    zones.install()
    emulator.member(module, "_clear_state")()


def _no_defaults() -> None:
    """Make nothing."""


def _action(name: str, original: Callable[[Params], Reply], service: Service) -> Callable[[Params], Reply]:
    def act(params: Params) -> Reply:
        try:
            if name not in _UNTOUCHED:
                stores.check(params)
            return _answered(name, original, params, service.due())
        except RefusedError as refused:
            return answers.error("ec2", 400, refused.code, str(refused))

    return act


def _answered(name: str, original: Callable[[Params], Reply], params: Params, due: float) -> Reply:
    if name in listings.LISTINGS:
        _refresh()
        return wire.answer(params, listings.answer(listings.LISTINGS[name], params))
    if name in OWN:
        return wire.answer(params, OWN[name](params, due))
    if name in GUARDS:
        GUARDS[name](params)
    going = [*stores.named(params), *(networks.own_parts(params) if name == "DeleteVpc" else ())]
    reply = original(params)
    AFTER.get(name, _nothing)(params)
    if name.startswith(_FORGETTING) and name not in _UNTOUCHED:
        _forget(going)
    launch_templates.forget_copies()
    return reply


def _nothing(_params: Params) -> None:
    """Let nothing happen."""


def _refresh() -> None:
    emulator.member(emulator.service("ec2"), "_cleanup_terminated")()
    networks.count_addresses()
    routes.mark()


def _forget(resources: Iterable[str]) -> None:
    """Forget the tags of what is gone: an id is never given twice, but a list of tags would show them."""
    for resource in resources:
        if not any(resource in stores.store(name) for name in stores.KINDS):
            wire.set_tags(resource, {})


def settle(service: Service) -> bool:
    """Let NAT gateways, endpoints and interfaces reach the state that they are on the way to; say whether one did."""
    settled = False
    for member, (due, end) in _SETTLING.items():
        for (account, region, _), record in list(emulator.scoped("ec2", stores.KINDS[member].store)):
            if due(record) <= service.clock():
                settled = True
                with emulator.scope(account, region):
                    end(record)
    return settled


def _changes(record: Record) -> float:
    return record["_due"] if record["State"] in {"pending", "deleting"} else math.inf


def _goes(interface: Record) -> float:
    return interface.get(interfaces.ENDING, math.inf)


_SETTLING: Mapping[str, tuple[Callable[[Record], float], Callable[[Record], None]]] = {
    "NatGatewayId": (_changes, nat_gateways.settle),
    "VpcEndpointId": (_changes, endpoints.settle),
    "NetworkInterfaceId": (_goes, interfaces.settle),
}
"""Parameter that names a kind, to when one of it changes by itself, and how."""
