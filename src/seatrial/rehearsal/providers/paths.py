"""Paths of properties: ``metadata.labels["app.kubernetes.io/name"]``."""


def joined(path: str, name: str) -> str:
    """Return the dotted path of a property within the one at ``path``."""
    return f"{path}.{name}" if path else name


def shown(path: str, key: str) -> str:
    """Return the path as Pulumi prints it: keys that aren't identifiers in brackets."""
    return joined(path, key) if key.replace("_", "").isalnum() else f'{path}["{key}"]'
