"""The pods that the objects of a plan run: their own, or the templates that they make pods from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from seatrial.plan import Properties, Resource, Unknown
from seatrial.rules.facts.objects import Object, Objects
from seatrial.rules.facts.values import entries, plain, properties, text, within
from seatrial.semantics.workloads import TEMPLATES


@dataclass(frozen=True, slots=True)
class Template:
    """One pod, or what an object makes pods from."""

    object: Object
    path: str
    """Property path to it in the object; empty for a Pod."""

    metadata: Properties
    spec: Properties

    @property
    def resource(self) -> Resource:
        """The resource that holds it."""
        return self.object.resource

    @property
    def labels(self) -> Mapping[str, str]:
        """Labels of its pods that a plan can tell."""
        return {key: text(value) for key, value in properties(self.metadata.get("labels")).items()}

    @property
    def service_account(self) -> str:
        """Name of its service account: that called default when it names none."""
        # The older spelling still counts where the newer isn't there.
        return text(within(self.spec, "serviceAccountName")) or text(within(self.spec, "serviceAccount")) or "default"

    def place(self, path: str) -> str:
        """Return the property path of something below it."""
        return f"{self.path}.{path}" if self.path else path


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod."""

    template: Template
    path: str
    """Property path to it."""

    is_init: bool
    """Whether it ends before the others begin."""

    values: Properties

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.values.get("name"))


_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


def templates(objects: Objects) -> tuple[Template, ...]:
    """Return every pod of a plan, in its order."""
    return tuple(_template(each) for each in objects.every if (each.group, each.kind) in TEMPLATES)


def untold(template: Template) -> tuple[str, ...]:
    """Return the property paths of those lists of containers that a plan can't tell."""
    return tuple(template.place(f"spec.{key}") for key in _LISTS if isinstance(plain(template.spec.get(key)), Unknown))


def containers(template: Template) -> Iterator[Container]:
    """Give the containers of a pod that a plan can tell, those that prepare it first."""
    for key in _LISTS:
        if template.place(f"spec.{key}") in untold(template):
            continue
        for path, values in entries(template.resource, template.place(f"spec.{key}")):
            is_sidecar = text(values.get("restartPolicy")) == "Always"
            yield Container(template, path, key == "initContainers" and not is_sidecar, values)


def _template(found: Object) -> Template:
    path = ".".join(TEMPLATES[found.group, found.kind])
    pod = properties(within(found.resource.inputs, path))
    return Template(found, path, properties(pod.get("metadata")), properties(pod.get("spec")))
