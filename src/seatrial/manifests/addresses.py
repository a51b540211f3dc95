"""Addresses that are the same on every node of EKS."""

NODE_LOCAL_DNS = "169.254.20.10"
"""Where NodeLocal DNSCache answers (Kubernetes documentation, "Using NodeLocal DNSCache")."""

POD_IDENTITY = "169.254.170.23"
"""Where the Pod Identity agent answers, on port 80 (EKS user guide, "How EKS Pod Identity works")."""

INSTANCE_METADATA = "169.254.169.254"
"""Where EC2 tells an instance about itself, its role's credentials included (EC2 user guide)."""
