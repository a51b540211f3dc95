"""Rules, and the requests that they allow.

See https://kubernetes.io/docs/reference/access-authn-authz/rbac/ and the matching of the API server's authorizer,
https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/rbac/v1/evaluation_helpers.go.
"""

from dataclasses import dataclass

_ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks the API server: something of a resource, or a path that is none."""

    verb: str
    """``get``, ``list``, ``create``, ``deletecollection`` …; for paths the HTTP method in lower case."""

    resource: str = ""
    """In plural, as in the API: ``pods``."""

    subresource: str = ""
    """``log``, ``status``, ``exec``."""

    group: str = ""
    """API group without version; empty for the core group."""

    namespace: str = ""
    """Empty for what has no namespace, and for asking across all of them; that of a namespace is the namespace."""

    name: str = ""
    """Empty where the request names none: ``list``, ``create``."""

    path: str = ""
    """``/healthz``; a request with a path is about no resource."""

    @property
    def full_resource(self) -> str:
        """The resource with its subresource, as rules write it: ``pods/log``."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a role."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The only objects that it is about; none means all of them."""

    paths: tuple[str, ...] = ()
    """Paths that are no resources; a trailing ``*`` stands for any ending."""

    def allows(self, request: Request) -> bool:
        """Tell whether it allows a request."""
        if not _has(self.verbs, request.verb):
            return False
        if request.path:
            return any(_reaches(path, request.path) for path in self.paths)
        return (
            _has(self.groups, request.group)
            and self._has_resource(request)
            and (not self.names or request.name in self.names)
        )

    def _has_resource(self, request: Request) -> bool:
        wanted = {_ALL, request.full_resource}
        if request.subresource:
            wanted.add(f"{_ALL}/{request.subresource}")
        return not wanted.isdisjoint(self.resources)

    def __str__(self) -> str:
        what = ", ".join(self.paths) or ", ".join(
            f"{resource}.{group}" if group else resource for group in self.groups for resource in self.resources
        )
        names = f" named {', '.join(self.names)}" if self.names else ""
        return f"{', '.join(self.verbs)} of {what}{names}"


def _has(allowed: tuple[str, ...], asked: str) -> bool:
    return _ALL in allowed or asked in allowed


def _reaches(allowed: str, path: str) -> bool:
    return path == allowed or (allowed.endswith(_ALL) and path.startswith(allowed.rstrip(_ALL)))
