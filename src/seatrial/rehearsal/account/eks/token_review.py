"""Who a bearer token is in a cluster: the webhook that kube-apiserver asks.

An access entry makes an IAM principal a user with groups. What its access policies allow, EKS's own authorizer knows on
AWS; here it is RBAC, bound to a group for each policy and scope that nobody else can be in (see ``content.access``).
"""

import hmac
import json
import re
from typing import Any, cast
from urllib.parse import urlsplit

from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Request, document_of
from seatrial.rehearsal.account.eks import bearer_tokens, hosts, policy_groups
from seatrial.rehearsal.account.eks.bearer_tokens import Identity, UnacceptableToken
from seatrial.rehearsal.account.eks.content import nodes
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import key
from seatrial.rehearsal.account.emulator import Record, Reply

_PATH = re.compile(rf"{hosts.PAGES}/([a-z0-9-]+)/([A-Za-z0-9_-]+)/token-review/([A-Za-z0-9_-]+)")

_VERSION = "authentication.k8s.io/v1"


class TokenReviews:
    """Answers to who knows a cluster's secret: its kube-apiserver."""

    def __init__(self, eks: Service) -> None:
        self._eks = eks

    def answer(self, request: Request) -> Reply | None:
        """Answer a review; nothing for any other request, or for a cluster or secret that doesn't exist."""
        found = _PATH.fullmatch(request.path)
        if found is None or request.method != "POST":
            return None
        region, name, secret = found.groups()
        with emulator.scope(emulator.home(), region):
            cluster = self._eks.state.clusters.get(key(name))
            if cluster is None or not hmac.compare_digest(cluster["_token"].encode(), secret.encode()):
                return None
            return _reply(self._status(cluster, document_of(request.body)))

    def _status(self, cluster: Record, review: Record) -> Record:
        spec = review.get("spec")
        token = cast(Record, spec).get("token", "") if isinstance(spec, dict) else ""
        try:
            identity = bearer_tokens.identity(str(token), cluster["name"], self._own_hosts())
            entry = self._entry(cluster["name"], identity)
        except UnacceptableToken as fault:
            return {"authenticated": False, "error": str(fault)}
        return {"authenticated": True, "user": self._user(cluster, entry, identity)}

    def _own_hosts(self) -> frozenset[str]:
        port = urlsplit(self._eks.issuer).port
        return frozenset({f"localhost:{port}", f"127.0.0.1:{port}"})

    def _entry(self, cluster: str, identity: Identity) -> Record:
        entry = self._eks.state.entries.get(key(cluster, identity.canonical_arn))
        if entry is None:
            raise UnacceptableToken(f"{identity.canonical_arn} has no access entry")
        return entry

    def _user(self, cluster: Record, entry: Record, identity: Identity) -> Record:
        groups = dict.fromkeys([*entry["kubernetesGroups"], *policy_groups.of_entry(entry)])
        extra = {
            "accessKeyId": identity.access_key_id,
            "arn": identity.arn,
            "canonicalArn": identity.canonical_arn,
            "principalId": identity.principal_id,
            "sessionName": identity.session,
        }
        return {
            "username": self._name(cluster, entry, identity),
            "uid": f"aws-iam-authenticator:{identity.account}:{identity.principal_id}",
            "groups": list(groups),
            "extra": {name: [value] for name, value in extra.items()},
        }

    def _name(self, cluster: Record, entry: Record, identity: Identity) -> str:
        """Fill the placeholders of a user's name."""
        values = {
            "AccessKeyID": identity.access_key_id,
            "AccountID": identity.account,
            # The session of a node's role is named after its instance.
            "EC2PrivateDNSName": nodes.name_of_instance(self._eks, cluster["name"], identity.session),
            "SessionName": identity.session.replace("@", "-"),
            "SessionNameRaw": identity.session,
        }
        return re.sub(r"{{(\w+)}}", lambda found: values.get(found[1], found[0]), str(entry["username"]))


def _reply(status: Record) -> Reply:
    document: dict[str, Any] = {"apiVersion": _VERSION, "kind": "TokenReview", "status": status}
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()
