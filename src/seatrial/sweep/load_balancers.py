"""Load balancers and target groups whose Service or Ingress outlived what had made them.

Elastic Load Balancing has no list by tag: all are listed, then their tags asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.ownership import Kind, Tag, marks
from seatrial.sweep.model import Clients, Leftover

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Api:
    """One of the service's two interfaces, and what its ``DescribeTags`` calls a resource."""

    service: str
    names: str
    """Parameter that asks."""

    name: str
    """Member of the answer."""


_CURRENT = _Api("elbv2", "ResourceArns", "ResourceArn")
_CLASSIC = _Api("elb", "LoadBalancerNames", "LoadBalancerName")

_AT_ONCE = 20
"""Most resources that ``DescribeTags`` takes (Elastic Load Balancing API references)."""


def find_balancers(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give the Application, Network and Gateway Load Balancers."""
    records = _listed(clients("elbv2"), "describe_load_balancers", "LoadBalancers")
    for record, tag in _marked(clients, _CURRENT, records, "LoadBalancerArn", marks(cluster)[Kind.LOAD_BALANCER]):
        yield Leftover(
            kind=Kind.LOAD_BALANCER,
            id=record["LoadBalancerArn"],
            name=record["LoadBalancerName"],
            mark=str(tag),
            detail=f"{record['Type']}, {record['Scheme']}, in {record['VpcId']}",
        )


def delete_balancer(clients: Clients, leftover: Leftover) -> None:
    """Delete it with its listeners; AWS refuses while its deletion protection is on."""
    clients("elbv2").delete_load_balancer(LoadBalancerArn=leftover.id)


def find_target_groups(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give the target groups."""
    records = _listed(clients("elbv2"), "describe_target_groups", "TargetGroups")
    for record, tag in _marked(clients, _CURRENT, records, "TargetGroupArn", marks(cluster)[Kind.TARGET_GROUP]):
        yield Leftover(
            kind=Kind.TARGET_GROUP,
            id=record["TargetGroupArn"],
            name=record["TargetGroupName"],
            mark=str(tag),
            detail=f"{record['TargetType']} targets",
        )


def delete_target_group(clients: Clients, leftover: Leftover) -> None:
    """Delete it; AWS refuses while a listener sends it requests."""
    clients("elbv2").delete_target_group(TargetGroupArn=leftover.id)


def find_classic(clients: Clients, cluster: str) -> Iterator[Leftover]:
    """Give the Classic Load Balancers, which Kubernetes' own AWS integration makes."""
    records = _listed(clients("elb"), "describe_load_balancers", "LoadBalancerDescriptions")
    for record, tag in _marked(
        clients, _CLASSIC, records, "LoadBalancerName", marks(cluster)[Kind.CLASSIC_LOAD_BALANCER]
    ):
        yield Leftover(
            kind=Kind.CLASSIC_LOAD_BALANCER,
            id=record["LoadBalancerName"],
            name=record["LoadBalancerName"],
            mark=str(tag),
            detail=f"{record['Scheme']}, in {record['VPCId']}",
        )


def delete_classic(clients: Clients, leftover: Leftover) -> None:
    """Delete it."""
    clients("elb").delete_load_balancer(LoadBalancerName=leftover.id)


def _listed(client: Any, operation: str, member: str) -> Iterator[Record]:
    for page in client.get_paginator(operation).paginate():
        yield from page[member]


def _marked(
    clients: Clients, api: _Api, records: Iterable[Record], key: str, wanted: Iterable[Tag]
) -> Iterator[tuple[Record, Tag]]:
    """Give the records with the first mark that their tags have."""
    known = {record[key]: record for record in records}
    names = list(known)
    for start in range(0, len(names), _AT_ONCE):
        asked = {api.names: names[start : start + _AT_ONCE]}
        for described in clients(api.service).describe_tags(**asked)["TagDescriptions"]:
            has = {Tag(pair["Key"], pair["Value"]) for pair in described["Tags"]}
            found = next((tag for tag in wanted if tag in has), None)
            if found:
                yield known[described[api.name]], found
