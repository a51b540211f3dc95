"""The token webhook of MiniStack, which looks into the emulated EKS, and what isn't emulated at all."""

import base64
import json
from typing import Any

from botocore.signers import RequestSigner


def token(account: Any, cluster: str, credentials: tuple[str, str]) -> str:
    """Make the token that ``aws eks get-token`` makes."""
    client = account.client("sts", credentials)
    keys = client._request_signer._credentials
    signer: Any = RequestSigner(
        client.meta.service_model.service_id, "us-east-2", "sts", "v4", keys, client.meta.events
    )
    request = {
        "method": "GET",
        "url": "https://sts.us-east-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": cluster},
        "context": {},
    }
    url = signer.generate_presigned_url(request, region_name="us-east-2", expires_in=60, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).rstrip(b"=").decode()


def review(account: Any, cluster: str, given: str) -> dict[str, Any]:
    secret = next(it["_token"] for it in account.eks.state.clusters.values() if it["name"] == cluster)
    path = f"/_ministack/eks-auth/000000000000/us-east-2/{cluster}/{secret}"
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": given}}
    return json.loads(account.ask("POST", path, body=json.dumps(body).encode())[2])["status"]


def test_a_token_of_a_principal_with_an_entry_is_its_user_and_groups(account: Any, cluster: Any) -> None:
    user = account.user()
    arn = account.client("sts", user).get_caller_identity()["Arn"]
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
    given = token(account, cluster.name, user)

    before = review(account, cluster.name, given)
    cluster.eks.create_access_entry(clusterName=cluster.name, principalArn=arn, kubernetesGroups=["readers"])
    scope = {"type": "cluster"}
    cluster.eks.associate_access_policy(clusterName=cluster.name, principalArn=arn, policyArn=policy, accessScope=scope)
    after = review(account, cluster.name, given)

    assert not before.get("authenticated")
    assert after["authenticated"]
    assert after["user"]["username"] == arn
    assert {"readers", "system:authenticated"} < set(after["user"]["groups"])


def test_a_token_of_another_cluster_is_nobodys(account: Any, cluster: Any) -> None:
    assert not review(account, cluster.name, token(account, "other", account.user())).get("authenticated")


def test_what_is_not_emulated_says_so(account: Any, cluster: Any) -> None:
    told = account.refusal("eks", "list_insights", clusterName=cluster.name)

    assert told == "InvalidRequestException: ListInsights is not emulated"
