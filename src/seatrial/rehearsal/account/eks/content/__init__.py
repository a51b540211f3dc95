"""What EKS itself has in a cluster: nodes, add-ons, and RBAC for access policies.

Pure functions from the account's records to Kubernetes objects; ``keeper`` and ``reconciler`` bring the clusters to it.
Everything carries a label that says what it is: a stand-in for what EKS would run.
"""
