"""Amazon EKS, as far as a platform meets it: states, refusals, and what EKS makes in other services.

MiniStack's own EKS answers every call at once and keeps a part of what it is sent. This one keeps
all of it, moves through AWS's states, refuses what AWS refuses, and creates and removes what EKS
itself has in EC2, Auto Scaling and CloudWatch Logs. No node runs: a node group becomes ACTIVE when
nodes could have joined.
"""
