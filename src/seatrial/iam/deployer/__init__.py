"""The least that the principal needs who deploys a platform: to make, change and delete it, and nothing beside it.

What AWS lets a policy name is named: roles, log groups, aliases and the cluster by the platform's suffix. What gets a
random id (networks, keys, the identity provider) is told by the tag ``EnvironmentSuffix``, which it must be created
with. The policy is one document for who can attach it whole; AWS's quota of 6,144 characters for a managed policy is
why it comes in parts too.
"""

from seatrial.iam.account import Account
from seatrial.iam.deployer import cluster, encryption, identity, network
from seatrial.iam.document import Document, document


def policies(account: Account, suffix: str) -> dict[str, Document]:
    """Return the policy in parts by subject, each small enough for a managed policy."""
    return {
        "cluster": document(*cluster.statements(account, suffix)),
        "encryption": document(*encryption.statements(account, suffix)),
        "identity": document(*identity.statements(account, suffix)),
        "network": document(*network.statements(account, suffix)),
    }


def policy(account: Account, suffix: str) -> Document:
    """Return the policy as one document."""
    parts = policies(account, suffix)
    return document(*(statement for name in sorted(parts) for statement in parts[name]["Statement"]))
