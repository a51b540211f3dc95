"""Requests as they arrive: routes, parameters and limits of the service's model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

if TYPE_CHECKING:
    from conftest import Stage


def send(stage: Stage, method: str, path: str, body: object = None, **query: str) -> tuple[int, str, Any]:
    """Send a request that no SDK would; give status, error header and content."""
    content = b"" if body is None else json.dumps(body).encode()
    asked = f"?{urlencode(query)}" if query else ""
    request = AWSRequest(method, f"https://localhost:4566{path}{asked}", data=content)
    signer: Any = SigV4Auth(Credentials("test", "test"), "eks", "us-east-2")
    signer.add_auth(request)
    headers = {str(name): str(value) for name, value in request.headers.items()}
    status, answered, answer = stage.account.ask(method, path, asked[1:], headers, content)
    named = {name.lower(): value for name, value in answered.items()}
    return status, named.get("x-amzn-errortype", ""), json.loads(answer)


def message(answer: tuple[int, str, Any], status: int, code: str) -> str:
    assert answer[:2] == (status, code)
    assert answer[2]["__type"] == code
    return answer[2]["message"]


def group(**parameters: object) -> dict[str, object]:
    return {"nodegroupName": "more", "subnets": ["subnet-0"], "nodeRole": "role", **parameters}


EXCLUDED: list[tuple[str, dict[str, Any], str]] = [
    ("/clusters", {"roleArn": "r", "resourcesVpcConfig": {}}, "name is required"),
    ("/clusters", {"name": "it"}, "roleArn is required"),
    ("/clusters", {"name": "-it", "roleArn": "r", "resourcesVpcConfig": {}}, "name: -it does not match"),
    (
        "/clusters",
        {"name": "i" * 101, "roleArn": "r", "resourcesVpcConfig": {}},
        "length of name is 101; allowed: 1",
    ),
    ("/clusters", {"name": "", "roleArn": "r", "resourcesVpcConfig": {}}, "length of name is 0; allowed: 1 to 100"),
    (
        "/clusters",
        {"name": "x", "roleArn": "r", "resourcesVpcConfig": {}, "encryptionConfig": [{}, {}]},
        "number of encryptionConfig is 2; allowed: 0 to 1",
    ),
    (
        "/clusters",
        {"name": "x", "roleArn": "r", "resourcesVpcConfig": {}, "accessConfig": {"authenticationMode": "NONE"}},
        "accessConfig.authenticationMode: NONE is not one of [API, API_AND_CONFIG_MAP, CONFIG_MAP]",
    ),
    (
        "/clusters",
        {"name": "x", "roleArn": "r", "resourcesVpcConfig": {}, "tags": {str(n): "" for n in range(51)}},
        "number of tags is 51; allowed: 1 to 50",
    ),
    (
        "/clusters/it/node-groups",
        group(scalingConfig={"minSize": -1}),
        "scalingConfig.minSize is -1; allowed: 0 to any",
    ),
    (
        "/clusters/it/node-groups",
        group(scalingConfig={"maxSize": 0}),
        "scalingConfig.maxSize is 0; allowed: 1 to any",
    ),
    (
        "/clusters/it/node-groups",
        group(updateConfig={"maxUnavailablePercentage": 101}),
        "updateConfig.maxUnavailablePercentage is 101; allowed: 1 to 100",
    ),
    (
        "/clusters/it/node-groups",
        group(taints=[{"key": "a", "effect": "NO_SCHEDULE"}, {"key": "k" * 64, "effect": "NO_SCHEDULE"}]),
        "length of taints.key is 64; allowed: 1 to 63",
    ),
    ("/clusters/it/node-groups", group(amiType="AL3"), "amiType: AL3 is not one of"),
    ("/clusters/it/pod-identity-associations", {"namespace": "default"}, "serviceAccount is required"),
    ("/clusters/it/addons", {}, "addonName is required"),
]


@pytest.mark.parametrize(("path", "body", "expected"), EXCLUDED)
def test_what_the_model_excludes_is_refused(cluster: Stage, path: str, body: dict[str, Any], expected: str) -> None:
    refusal = message(send(cluster, "POST", path, body), 400, "InvalidParameterException")

    assert expected in refusal
    assert cluster.call("list_nodegroups")["nodegroups"] == []
    assert cluster.eks.list_clusters()["clusters"] == ["it"]


def test_what_is_given_as_nothing_is_not_checked(cluster: Stage) -> None:
    given = {"addonName": "vpc-cni", "addonVersion": None}

    assert send(cluster, "POST", "/clusters/it/addons", given)[0] == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clusters/it", 200),
        ("/clusters/it/", 200),
        ("/clusters", 200),
        ("/clusters/it/updates", 200),
        ("/clusters/none", 404),
    ],
)
def test_a_path_may_end_in_a_slash(cluster: Stage, path: str, status: int) -> None:
    assert send(cluster, "GET", path)[0] == status


def test_status_and_header_name_the_exception(cluster: Stage) -> None:
    body: dict[str, Any] = {"name": "it", "roleArn": "r", "resourcesVpcConfig": {}}
    cases = [
        (send(cluster, "POST", "/clusters", body), 409, "ResourceInUseException"),
        (send(cluster, "GET", "/clusters/none"), 404, "ResourceNotFoundException"),
        (send(cluster, "GET", "/tags/arn:none"), 404, "NotFoundException"),
    ]

    for answer, status, code in cases:
        assert message(answer, status, code)


def test_arns_in_a_path_keep_their_slashes(cluster: Stage) -> None:
    role = cluster.facts.pod_role
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    entry = f"/clusters/it/access-entries/{quote(role, safe='')}"
    assert send(cluster, "POST", "/clusters/it/access-entries", {"principalArn": role})[0] == 200
    scope = {"policyArn": policy, "accessScope": {"type": "cluster"}}

    assert send(cluster, "POST", f"{entry}/access-policies", scope)[0] == 200
    assert len(send(cluster, "GET", f"{entry}/access-policies")[2]["associatedAccessPolicies"]) == 1
    assert send(cluster, "DELETE", f"{entry}/access-policies/{quote(policy, safe='')}")[0] == 200
    assert send(cluster, "GET", f"{entry}/access-policies")[2]["associatedAccessPolicies"] == []
    assert send(cluster, "GET", entry)[2]["accessEntry"]["principalArn"] == role


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("describe_fargate_profile", {"fargateProfileName": "none"}),
        ("list_insights", {}),
        ("list_capabilities", {}),
    ],
)
def test_an_operation_that_is_not_emulated_says_so(cluster: Stage, operation: str, parameters: dict[str, Any]) -> None:
    refusal = cluster.refused(operation, **parameters)

    assert refusal.startswith("InvalidRequestException: ")
    assert refusal.endswith(" is not emulated")


@pytest.mark.parametrize(
    ("operation", "answer"),
    [("list_fargate_profiles", "fargateProfileNames"), ("list_identity_provider_configs", "identityProviderConfigs")],
)
def test_there_is_none_of_what_can_not_be_made(cluster: Stage, operation: str, answer: str) -> None:
    assert cluster.call(operation)[answer] == []


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/clusters/it"), ("GET", "/clusters/it/nothing")])
def test_a_request_that_calls_nothing_is_refused(cluster: Stage, method: str, path: str) -> None:
    status, _, answer = send(cluster, method, path)

    assert status == 400
    assert "__type" in answer


def test_parameters_may_stand_in_the_query(cluster: Stage) -> None:
    listed = send(cluster, "GET", "/addons/supported-versions", addonName="vpc-cni", kubernetesVersion="1.35")[2]

    assert [addon["addonName"] for addon in listed["addons"]] == ["vpc-cni"]
    assert listed["addons"][0]["addonVersions"][0]["compatibilities"][0]["clusterVersion"] == "1.35"
