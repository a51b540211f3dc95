"""Bearer tokens: who somebody is in a cluster, and which tokens are nobody's."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

if TYPE_CHECKING:
    from conftest import Stage

POLICIES = "arn:aws:eks::aws:cluster-access-policy/"
HOST = "localhost:4566"
QUERY = "Action=GetCallerIdentity&Version=2011-06-15"


def presigned(
    credentials: tuple[str, ...], *, host: str = HOST, cluster: str = "it", expires: int = 60, query: str = QUERY
) -> str:
    """Sign what ``aws eks get-token`` signs."""
    request: Any = AWSRequest("GET", f"https://{host}/?{query}", {"x-k8s-aws-id": cluster} if cluster else {})
    signer: Any = SigV4QueryAuth(Credentials(*credentials), "sts", "us-east-2", expires)
    signer.add_auth(request)
    return str(request.url)


def token(url: str) -> str:
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def webhook(stage: Stage, name: str = "it") -> str:
    secret = next(it["_token"] for it in stage.account.eks.state.clusters.values())
    return f"/_seatrial/clusters/us-east-2/{name}/token-review/{secret}"


def review(stage: Stage, given: str) -> dict[str, Any]:
    document = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": given}}
    status, headers, content = stage.account.ask("POST", webhook(stage), body=json.dumps(document).encode())
    assert (status, headers["content-type"]) == (200, "application/json")
    answer = json.loads(content)
    assert (answer["apiVersion"], answer["kind"]) == ("authentication.k8s.io/v1", "TokenReview")
    return answer["status"]


class Person:
    """A user who may assume a role, and the session that comes of it."""

    def __init__(self, stage: Stage, session: str = "me@home") -> None:
        account, iam = stage.account, stage.iam
        self.name = account.name("admin")
        trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Statement": [trust]})
        self.role = iam.create_role(RoleName=self.name, Path="/people/", AssumeRolePolicyDocument=document)["Role"]
        self.arn = self.role["Arn"]
        self.key = account.user({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": self.arn})
        given = account.client("sts", self.key).assume_role(RoleArn=self.arn, RoleSessionName=session)["Credentials"]
        self.credentials = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@pytest.fixture
def person(cluster: Stage) -> Person:
    return Person(cluster)


def test_a_session_is_the_user_of_the_entry_of_its_role(cluster: Stage, person: Person) -> None:
    cluster.call("create_access_entry", principalArn=person.arn, kubernetesGroups=["team-dev"])
    user = review(cluster, token(presigned(person.credentials)))["user"]

    assert user["username"] == f"arn:aws:sts::000000000000:assumed-role/{person.name}/me-home"
    assert user["uid"] == f"aws-iam-authenticator:000000000000:{person.role['RoleId']}"
    assert user["groups"] == ["team-dev"]
    assert user["extra"] == {
        "accessKeyId": [person.credentials[0]],
        "arn": [f"arn:aws:sts::000000000000:assumed-role/{person.name}/me@home"],
        "canonicalArn": [person.arn],
        "principalId": [person.role["RoleId"]],
        "sessionName": ["me@home"],
    }


def test_a_user_is_known_by_its_own_entry(cluster: Stage) -> None:
    key = cluster.account.user()
    arn = cluster.account.client("sts", key).get_caller_identity()["Arn"]
    cluster.call("create_access_entry", principalArn=arn)
    user = review(cluster, token(presigned(key)))["user"]

    assert (user["username"], user["groups"], user["extra"]["sessionName"]) == (arn, [], [""])


def test_placeholders_of_a_name_are_filled(cluster: Stage, person: Person) -> None:
    name = "{{AccountID}}:{{SessionName}}:{{SessionNameRaw}}:{{AccessKeyID}}:{{Other}}:{{EC2PrivateDNSName}}"
    cluster.call("create_access_entry", principalArn=person.arn, username=name)
    told = review(cluster, token(presigned(person.credentials)))["user"]["username"]

    assert told == f"000000000000:me-home:me@home:{person.credentials[0]}:{{{{Other}}}}:"


def test_a_node_is_known_by_its_private_name(nodes: Stage) -> None:
    (group,) = nodes.account.eks.state.nodegroups.values()
    name = group["resources"]["autoScalingGroups"][0]["name"]
    scaling = nodes.account.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    instance = scaling["AutoScalingGroups"][0]["Instances"][0]["InstanceId"]
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    role = group["nodeRole"].rpartition("/")[2]
    nodes.iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps({"Statement": [trust]}))
    key = nodes.account.user({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
    sts = nodes.account.client("sts", key)
    given = sts.assume_role(RoleArn=group["nodeRole"], RoleSessionName=instance)["Credentials"]
    signed = presigned((given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))
    user = review(nodes, token(signed))["user"]

    (interface,) = [it for it in nodes.interfaces("aws-K8S-") if it["Description"].endswith(instance)]
    address = interface["PrivateIpAddress"].replace(".", "-")
    assert user["username"] == f"system:node:ip-{address}.us-east-2.compute.internal"
    assert user["groups"] == ["system:nodes"]


def test_access_policies_are_groups_of_their_own(cluster: Stage, person: Person) -> None:
    cluster.call("create_access_entry", principalArn=person.arn, kubernetesGroups=["team"])
    wide: Any = {"type": "cluster"}
    narrow: Any = {"type": "namespace", "namespaces": ["dev", "test-*"]}
    for policy, scope in (("AmazonEKSViewPolicy", wide), ("AmazonEKSEditPolicy", narrow)):
        cluster.call("associate_access_policy", principalArn=person.arn, policyArn=POLICIES + policy, accessScope=scope)
    groups = review(cluster, token(presigned(person.credentials)))["user"]["groups"]

    assert groups == [
        "team",
        "eks:access-policy:AmazonEKSViewPolicy",
        "eks:access-policy:AmazonEKSEditPolicy:dev",
        "eks:access-policy:AmazonEKSEditPolicy:test-*",
    ]


def test_who_has_no_entry_is_nobody(cluster: Stage, person: Person) -> None:
    told = review(cluster, token(presigned(person.credentials)))

    assert told == {"authenticated": False, "error": f"{person.arn} has no access entry"}


def test_the_session_of_a_role_that_is_gone_is_nobody(cluster: Stage, person: Person) -> None:
    cluster.call("create_access_entry", principalArn=person.arn)
    cluster.iam.delete_role(RoleName=person.name)
    told = review(cluster, token(presigned(person.credentials)))

    assert told["error"] == f"arn:aws:iam::000000000000:role/{person.name} has no access entry"


@pytest.mark.parametrize(
    "host", ["localhost:4566", "127.0.0.1:4566", "sts.us-east-2.amazonaws.com", "sts.amazonaws.com"]
)
def test_the_request_may_be_to_any_name_of_sts(cluster: Stage, person: Person, host: str) -> None:
    cluster.call("create_access_entry", principalArn=person.arn)

    assert review(cluster, token(presigned(person.credentials, host=host)))["authenticated"]


def _without(name: str) -> Callable[[str], str]:
    return _with(name, None)


def _with(name: str, value: str | None) -> Callable[[str], str]:
    """Change a parameter, or leave it out."""

    def change(url: str) -> str:
        parts = urlsplit(url)
        query = {**dict(parse_qsl(parts.query)), name: value}
        return parts._replace(query=urlencode({key: it for key, it in query.items() if it is not None})).geturl()

    return change


def _replacing(old: str, new: str) -> Callable[[str], str]:
    return lambda url: url.replace(old, new)


def _ending(text: str) -> Callable[[str], str]:
    return lambda url: url + text


def _asking(query: str) -> Callable[[str], str]:
    return lambda url: f"{url.split('?')[0]}{query}"


CHANGES: list[tuple[Callable[[str], str], str]] = [
    (_asking(""), "not signed for STS"),
    (_asking("?nothing"), "malformed parameters"),
    (_ending("&Other=1"), "a parameter that is not allowed: Other"),
    (_ending("&Action=GetCallerIdentity"), "a parameter twice"),
    (_ending("&action=GetCallerIdentity"), "a parameter twice"),
    (_replacing("https://", "http://"), "is not to STS"),
    (_replacing("/?", "/path?"), "is not to STS: localhost:4566/path"),
    (_replacing(HOST, "example.com"), "is not to STS: example.com/"),
    (_replacing(HOST, "sts.eu-west-1.amazonaws.com"), "is not to STS"),
    (_replacing("%2Fsts%2F", "%2Fs3%2F"), "not signed for STS"),
    (_replacing("GetCallerIdentity", "GetSessionToken"), "another one than GetCallerIdentity"),
    (_without("X-Amz-Date"), "no date or expiry"),
    (_with("X-Amz-Date", "20200101T000000Z"), "of 20200101T000000Z is expired"),
    (_with("X-Amz-Date", "29990101T000000Z"), "is expired"),
    (_with("X-Amz-Expires", "901"), "expires after 901 seconds, at most 900"),
    (_with("X-Amz-Expires", "-1"), "expires after -1 seconds"),
    (_with("X-Amz-Expires", "soon"), "no date or expiry"),
    (_without("X-Amz-Signature"), "must include 'X-Amz-Signature'"),
    (_with("X-Amz-Signature", "0" * 64), "STS refuses the signature"),
    (_with("X-Amz-Security-Token", "other"), "STS refuses the credentials"),
    (_with("X-Amz-SignedHeaders", "host"), "does not sign host and x-k8s-aws-id"),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_a_request_that_was_changed_is_nobodys(
    cluster: Stage, person: Person, change: Callable[[str], str], told: str
) -> None:
    cluster.call("create_access_entry", principalArn=person.arn)
    status = review(cluster, token(change(presigned(person.credentials))))

    assert status["authenticated"] is False
    assert told in status["error"]


def test_a_token_of_another_cluster_is_nobodys(cluster: Stage, person: Person) -> None:
    cluster.call("create_access_entry", principalArn=person.arn)

    assert (
        "the token is not for cluster it" in review(cluster, token(presigned(person.credentials, cluster="b")))["error"]
    )
    assert "does not sign host" in review(cluster, token(presigned(person.credentials, cluster="")))["error"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "does not begin with k8s-aws-v1."),
        ("k8s-aws-v1." + "a" * 5000, "longer than 4096"),
        ("k8s-aws-v1.§", "not the address of a presigned request"),
        ("k8s-aws-v1.a", "not the address of a presigned request"),
    ],
)
def test_something_else_is_nobodys(cluster: Stage, given: str, told: str) -> None:
    status = review(cluster, given)

    assert status["authenticated"] is False
    assert told in status["error"]


def test_a_secret_that_was_revoked_is_nobodys(cluster: Stage, person: Person) -> None:
    cluster.call("create_access_entry", principalArn=person.arn)
    signed = token(presigned((*person.credentials[:1], "x" * 40, *person.credentials[2:])))

    assert "STS refuses the signature" in review(cluster, signed)["error"]
    assert "STS refuses the credentials" in review(cluster, token(presigned(("AKIAUNKNOWN", "x"))))["error"]


@pytest.mark.parametrize("body", [b"", b"{}", b'{"spec": 1}', b"["])
def test_a_review_without_token_is_answered(cluster: Stage, body: bytes) -> None:
    status, _, content = cluster.account.ask("POST", webhook(cluster), body=body)

    assert status == 200
    assert json.loads(content)["status"]["authenticated"] is False


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "{}"),
        ("POST", "{}x"),
        ("POST", "/_seatrial/clusters/us-east-2/other/token-review/secret"),
        ("POST", "/_seatrial/clusters/eu-west-1/it/token-review/secret"),
    ],
)
def test_only_who_knows_the_secret_is_answered(cluster: Stage, method: str, path: str) -> None:
    status, _, _ = cluster.account.ask(method, path.format(webhook(cluster)), body=b"{}")

    assert status == 403


def test_who_somebody_is_changes_with_the_entry(cluster: Stage, person: Person) -> None:
    given = token(presigned(person.credentials))
    cluster.call("create_access_entry", principalArn=person.arn, username="me")
    policy = POLICIES + "AmazonEKSViewPolicy"
    scope: Any = {"type": "cluster"}
    cluster.call("associate_access_policy", principalArn=person.arn, policyArn=policy, accessScope=scope)
    assert review(cluster, given)["user"]["groups"] == ["eks:access-policy:AmazonEKSViewPolicy"]
    cluster.call("disassociate_access_policy", principalArn=person.arn, policyArn=policy)
    cluster.account.restart()
    assert review(cluster, given)["user"] == review(cluster, given)["user"] | {"username": "me", "groups": []}
    cluster.call("delete_access_entry", principalArn=person.arn)

    assert review(cluster, given)["authenticated"] is False


def test_the_page_of_a_cluster_goes_with_it(cluster: Stage) -> None:
    where = webhook(cluster)
    cluster.call("delete_cluster")
    cluster.wait()
    cluster.call("list_clusters")

    assert cluster.account.ask("POST", where, body=b"{}")[0] == 403


def test_the_emulator_has_no_page_of_its_own(cluster: Stage) -> None:
    (record,) = cluster.account.eks.state.clusters.values()
    where = f"/_ministack/eks-auth/000000000000/us-east-2/it/{record['_token']}"

    assert cluster.account.ask("POST", where, body=b"{}")[0] == 400
