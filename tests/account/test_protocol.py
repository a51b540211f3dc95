"""EKS on the wire: what a request means, and what the model excludes."""

from typing import Any

import pytest

from seatrial.rehearsal.account.eks import protocol
from seatrial.rehearsal.account.refusal import RefusedError

PRINCIPAL = "arn:aws:iam::000000000000:role/a/b"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

MEANT: dict[str, tuple[str, str, dict[str, list[str]], str, dict[str, Any]]] = {
    "a name in the path": ("GET", "/clusters/c", {}, "DescribeCluster", {"name": "c"}),
    "a slash at the end": ("GET", "/clusters/c/", {}, "DescribeCluster", {"name": "c"}),
    "an ARN in the path": (
        "DELETE",
        f"/clusters/c/access-entries/{PRINCIPAL}/access-policies/{POLICY}",
        {},
        "DisassociateAccessPolicy",
        {"clusterName": "c", "principalArn": PRINCIPAL, "policyArn": POLICY},
    ),
    "a flag": (
        "DELETE",
        "/clusters/c/addons/a",
        {"preserve": ["true"]},
        "DeleteAddon",
        {"clusterName": "c", "addonName": "a", "preserve": True},
    ),
    "a number": ("GET", "/clusters", {"maxResults": ["7"]}, "ListClusters", {"maxResults": 7}),
    "a list": (
        "DELETE",
        "/tags/arn:x/y",
        {"tagKeys": ["a", "b"]},
        "UntagResource",
        {"resourceArn": "arn:x/y", "tagKeys": ["a", "b"]},
    ),
    "a text": ("GET", "/addons/supported-versions", {"addonName": ["a"]}, "DescribeAddonVersions", {"addonName": "a"}),
}


@pytest.mark.parametrize(("method", "path", "query", "operation", "parameters"), MEANT.values(), ids=MEANT)
@pytest.mark.usefixtures("account")
def test_a_request_means_an_operation_with_parameters(
    method: str, path: str, query: dict[str, list[str]], operation: str, parameters: dict[str, Any]
) -> None:
    assert protocol.parse(method, path, query, b"") == (operation, parameters)


EXCLUDED: dict[str, tuple[str, str, bytes, str]] = {
    "missing": ("POST", "/clusters", b'{"name": "c"}', "roleArn is required"),
    "missing inside": (
        "POST",
        "/clusters/c/addons",
        b'{"addonName": "a", "podIdentityAssociations": [{"roleArn": "r"}]}',
        "podIdentityAssociations.serviceAccount is required",
    ),
    "too small": (
        "POST",
        "/clusters/c/node-groups/n/update-config",
        b'{"updateConfig": {"maxUnavailable": 0}}',
        "updateConfig.maxUnavailable is 0; allowed: 1 to any",
    ),
    "no operation": ("PATCH", "/clusters", b"", "No operation is called by PATCH /clusters"),
}


@pytest.mark.parametrize(("method", "path", "body", "text"), EXCLUDED.values(), ids=EXCLUDED)
@pytest.mark.usefixtures("account")
def test_what_the_model_excludes_is_refused(method: str, path: str, body: bytes, text: str) -> None:
    with pytest.raises(RefusedError, match=text):
        protocol.parse(method, path, {}, body)
