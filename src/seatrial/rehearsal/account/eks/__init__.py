"""Amazon EKS, as far as a platform meets it: states, refusals, and what EKS makes elsewhere.

MiniStack's own EKS answers every call at once and keeps a part of what it is sent. This one keeps
all of it, moves through AWS's states, refuses what AWS refuses, and creates and removes what EKS
itself has in EC2, Auto Scaling and CloudWatch Logs.

Where the account was given the executables, each cluster has a control plane (``control_planes``,
``hosting``), lets IAM principals in (``token_review``), and holds what EKS puts into clusters
(``content``), kept by ``reconciler``. Elsewhere clusters are records, and a node group becomes
ACTIVE when nodes could have joined.
"""
