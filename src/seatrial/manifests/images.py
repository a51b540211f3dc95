"""Where images come from: their publisher, or a registry of the account that keeps copies."""

MIRRORED = {"public.ecr.aws": "ecr-public", "registry.k8s.io": "kubernetes"}
"""Publisher to the prefix of its copies, as the console of ECR proposes it for a pull-through cache."""


def mirrored(image: str, registry: str = "") -> str:
    """Return an image by the name that it has in a registry of copies; without one, as its publisher names it."""
    publisher, _, path = image.partition("/")
    return f"{registry}/{MIRRORED[publisher]}/{path}" if registry else image
