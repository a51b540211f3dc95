"""The file by which kubectl finds and enters the cluster."""

import json


def render(cluster_name: str, endpoint: str, certificate_authority: str, region: str, role_arn: str = "") -> str:
    """Return a kubeconfig as JSON, which is YAML.

    It holds no credentials: ``aws eks get-token`` asks for a token, good for 15 minutes, as whoever runs it, or as the
    role that they take on.
    """
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": cluster_name,
        "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
        "clusters": [
            {
                "name": cluster_name,
                "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority},
            },
        ],
        "users": [{"name": cluster_name, "user": {"exec": _get_token(cluster_name, region, role_arn)}}],
    }
    return json.dumps(content, sort_keys=True, indent=2)


def _get_token(cluster_name: str, region: str, role_arn: str) -> dict[str, object]:
    arguments = ["eks", "get-token", "--cluster-name", cluster_name, "--region", region, "--output", "json"]
    return {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "args": [*arguments, "--role-arn", role_arn] if role_arn else arguments,
        "interactiveMode": "Never",
    }
