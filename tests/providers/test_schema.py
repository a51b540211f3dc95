"""The file of properties against the package that declares them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.rehearsal.providers.aws import schema, schema_source
from seatrial.rehearsal.providers.aws.registry import RESOURCE_TYPES
from seatrial.rehearsal.providers.aws.resource_type import ResourceType
from seatrial.rehearsal.providers.aws.schema import Kind


def test_file_says_what_the_installed_package_does(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    # In a process of its own: another test may have made the SDK's packages lazy in this one.
    program = f"""
import runpy, sys
from pathlib import Path
from seatrial.rehearsal.providers.aws import schema
schema.SCHEMA_FILE = Path({str(file)!r})
runpy.run_module({schema_source.__name__!r}, run_name="__main__")
"""
    subprocess.run([sys.executable, "-c", program], check=True)

    assert file.read_text(encoding="utf-8") == schema.SCHEMA_FILE.read_text(encoding="utf-8")


def test_every_type_is_served() -> None:
    assert sum(len(names) for names in schema_source.CLASSES.values()) == len(RESOURCE_TYPES)
    assert set(json.loads(schema.SCHEMA_FILE.read_text(encoding="utf-8"))) == set(RESOURCE_TYPES)


def test_kinds() -> None:
    cluster = schema.resource("aws:eks/cluster:Cluster")

    network = cluster.inputs.fields["vpcConfig"]
    assert (network.kind, network.required) == (Kind.OBJECT, True)
    assert network.fields["subnetIds"].element.kind is Kind.STRING
    assert cluster.inputs.fields["tags"].kind is Kind.MAP
    assert "endpoint" in cluster.outputs.fields
    assert "endpoint" not in cluster.inputs.fields


@pytest.mark.parametrize("kind", RESOURCE_TYPES.values(), ids=lambda kind: kind.type_name.rpartition(":")[2])
def test_traits_are_of_properties_that_exist(kind: ResourceType) -> None:
    traits = kind.traits
    paths = {*traits.replaces, *traits.replaces_when, *traits.computed, *traits.defaults, *traits.ordered}
    paths |= {*traits.unread, *traits.as_told, *traits.same, *traits.fixed_names, *traits.served, *traits.allowed}
    paths |= {*kind.updated, *kind.request.members} - {"name", "region"}

    assert {path for path in paths if not _exists(kind, path)} == set()


REFUSED = {
    "aws:ec2/routeTable:RouteTable": {"propagatingVgws", "routes"},
    "aws:s3/bucket:Bucket": {
        "accelerationStatus",
        "acl",
        "bucketNamespace",
        "corsRules",
        "grants",
        "lifecycleRules",
        "logging",
        "objectLockConfiguration",
        "objectLockEnabled",
        "policy",
        "replicationConfiguration",
        "requestPayer",
        "serverSideEncryptionConfiguration",
        "versioning",
        "website",
    },
}
"""Type to what it declares and the provider refuses: most of it has types of its own."""


@pytest.mark.parametrize("kind", RESOURCE_TYPES.values(), ids=lambda kind: kind.type_name.rpartition(":")[2])
def test_every_input_can_be_changed_or_replaces(kind: ResourceType) -> None:
    nested = {path.partition(".")[0] for path in {*kind.traits.replaces, *kind.traits.replaces_when}}
    changeable = {*kind.updated, *kind.traits.unread, "tags", "region", *nested}

    assert set(kind.schema.inputs.fields) - changeable == REFUSED.get(kind.type_name, set())


def _exists(kind: ResourceType, path: str) -> bool:
    inner = kind.schema.inputs
    for name in path.split("."):
        inner = inner.element if inner.kind is Kind.LIST else inner
        if name not in inner.fields:
            return False
        inner = inner.fields[name]
    return True
