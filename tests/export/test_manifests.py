"""The in-cluster objects of a plan as YAML: order, secrets, charts, and that they read back as they were."""

from types import MappingProxyType
from typing import Any

import pytest
import yaml
from google.protobuf.struct_pb2 import Struct

from seatrial.errors import Fault
from seatrial.export import manifests
from seatrial.plan import Plan, Resource, Unknown, wire
from seatrial.semantics import documents

SECRET = {wire.SIGNATURE: wire.SECRET, "value": "aHVudGVyMg=="}


def placed(api: str, kind: str, name: str, namespace: str = "", /, **fields: Any) -> Resource:
    token = f"kubernetes:{api if '/' in api else f'core/{api}'}:{kind}"
    struct = Struct()
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    struct.update({"metadata": metadata, "kind": kind, "apiVersion": api, **fields})
    return Resource(urn=f"urn:{token}::{name}", type=token, name=name, inputs=wire.decode(struct))


def release(name: str, **inputs: Any) -> Resource:
    token = "kubernetes:helm.sh/v3:Release"
    struct = Struct()
    struct.update({"name": name, "namespace": "kube-system", "version": "1.2.3", **inputs})
    return Resource(urn=f"urn:{token}::{name}", type=token, name=name, inputs=wire.decode(struct))


def plan(*resources: Resource) -> Plan:
    return Plan(project="p", stack="dev", resources=resources)


def read(text: str) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(text) if document]


def test_what_others_need_comes_first_then_all_by_place_kind_and_name() -> None:
    text = manifests.render(
        plan(
            placed("v1", "ConfigMap", "b", "shop"),
            placed("v1", "ConfigMap", "a", "shop"),
            placed("apps/v1", "Deployment", "web", "lab"),
            placed("storage.k8s.io/v1", "StorageClass", "fast"),
            placed("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.com"),
            placed("v1", "Namespace", "shop"),
            Resource(urn="urn:vpc", type="aws:ec2/vpc:Vpc", name="vpc"),
        )
    )

    assert [(each["kind"], each["metadata"]["name"]) for each in read(text)] == [
        ("Namespace", "shop"),
        ("CustomResourceDefinition", "things.example.com"),
        ("StorageClass", "fast"),
        ("Deployment", "web"),
        ("ConfigMap", "a"),
        ("ConfigMap", "b"),
    ]


def test_a_manifest_begins_as_people_write_it_and_reads_back_as_it_was() -> None:
    data = {"script": "set -e\necho yes\n", "flag": "yes", "number": "1.10", "empty": ""}
    text = manifests.render(plan(placed("v1", "ConfigMap", "c", "shop", data=data, immutable=True)))

    assert text.split("---\n")[1].splitlines()[:5] == [
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata:",
        "  name: c",
        "  namespace: shop",
    ]
    assert "  script: |\n    set -e\n    echo yes\n" in text
    assert read(text)[0]["data"] == data
    faults: list[Fault] = []
    assert [each.value["kind"] for each in documents.parse(text, "it", faults)] == ["ConfigMap"]
    assert faults == []


def test_what_is_secret_or_unknown_is_not_shown() -> None:
    hidden = placed("v1", "Secret", "s", "shop", data={"password": SECRET})
    untold = placed("v1", "ConfigMap", "c", "shop", data={"id": wire.UNKNOWN})

    text = manifests.render(plan(hidden, untold))

    assert "aHVudGVyMg" not in text
    assert [each["data"] for each in read(text)] == [{"id": str(Unknown())}, {"password": "[secret]"}]


def test_charts_are_comments() -> None:
    text = manifests.render(
        plan(
            release("web", chart="web", repositoryOpts={"repo": "https://charts.example.com"}),
            release("agent", chart="oci://example.com/agent"),
        )
    )

    assert text.splitlines()[1:] == [
        "---",
        "# Charts, whose objects only a deployment renders:",
        "#   kube-system/agent: oci://example.com/agent 1.2.3",
        "#   kube-system/web: web 1.2.3 of https://charts.example.com",
    ]
    assert read(text) == []


def test_a_plan_without_any_says_so_little() -> None:
    assert manifests.render(plan()).count("\n") == 1
    assert manifests.render(plan()).startswith("# What dev puts into its cluster.")


def test_an_object_whose_inputs_lack_its_kind_gets_that_of_its_type() -> None:
    inputs = MappingProxyType({"metadata": MappingProxyType({"name": "web"})})
    resource = Resource(urn="u", type="kubernetes:apps/v1:Deployment", name="web", inputs=inputs)

    assert read(manifests.render(plan(resource))) == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}}
    ]


@pytest.mark.parametrize("text", ["on", "1e3", "~", "2001-01-01", "a: b", "- x", "ünï", "x" * 300])
def test_any_text_reads_back_as_text(text: str) -> None:
    found = read(manifests.render(plan(placed("v1", "ConfigMap", "c", "shop", data={"key": text}))))

    assert found[0]["data"] == {"key": text}
