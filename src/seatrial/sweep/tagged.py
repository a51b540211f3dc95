"""Lists of EC2, by the tags that mark what a cluster made."""

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.ownership import Kind, Tag, marks
from seatrial.sweep.model import Clients


def pages(
    clients: Clients, operation: str, kind: Kind, cluster: str, **parameters: Any
) -> Iterator[tuple[Mapping[str, Any], Tag]]:
    """Give the pages of a list with the mark that they were asked for; something with two marks comes twice.

    Args:
        clients: Of the account.
        operation: boto3's name of the method that lists, which must have pages.
        kind: Of what is listed.
        cluster: Whose it must be.
        parameters: What else the call takes.

    """
    paginator = clients("ec2").get_paginator(operation)
    for tag in marks(cluster)[kind]:
        wanted = [{"Name": f"tag:{tag.key}", "Values": [tag.value]}]
        for page in paginator.paginate(Filters=wanted, **parameters):
            yield page, tag


def value(record: Mapping[str, Any], key: str) -> str:
    """Give the value of a record's tag; empty when it doesn't have it."""
    return next((str(tag["Value"]) for tag in record.get("Tags", []) if tag["Key"] == key), "")
