"""The least that the principal needs who deploys a platform: to make, change and delete it, and nothing beside it.

What AWS lets a policy name is named: roles, log groups, aliases and the cluster by the platform's suffix. What gets a
random id (networks, keys, the identity provider) is told by the tag ``EnvironmentSuffix``, which it must be created
with. The policy is one document for who can attach it whole; AWS's quota of 6,144 characters for a managed policy is
why it comes in parts too.
"""

from seatrial.iam.account import Account
from seatrial.iam.deployer import cluster, encryption, identity, leftovers, network, storage
from seatrial.iam.document import Document, document


def policies(account: Account, suffix: str, enters_as: str = "") -> dict[str, Document]:
    """Return the policy in parts by subject, each small enough for a managed policy.

    Args:
        account: Where the platform is.
        suffix: Of the platform's names.
        enters_as: ARN of the principal as whom objects are put into the cluster; a role is assumed for that.

    """
    return {
        "cluster": document(*cluster.statements(account, suffix), *cluster.entry(enters_as)),
        "encryption": document(*encryption.statements(account, suffix)),
        "identity": document(*identity.statements(account, suffix)),
        "leftovers": document(*leftovers.statements(account, suffix)),
        "network": document(*network.statements(account, suffix)),
        "storage": document(*storage.statements(account, suffix)),
    }


def policy(account: Account, suffix: str, enters_as: str = "") -> Document:
    """Return the policy as one document; see :func:`policies`."""
    parts = policies(account, suffix, enters_as)
    return document(*(statement for name in sorted(parts) for statement in parts[name]["Statement"]))
