"""Whether a subnet is out of reach of the internet: asked for nodes and for the control plane."""

from seatrial.plan import Resource
from seatrial.rules.model import Observation
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.view import View


def privacy(view: View, resource: Resource, path: str, subnet: Resource) -> Observation:
    """Judge a subnet that a resource names at a path."""
    if view.routing.is_public(subnet):
        ways = (way.route.name for way in view.routing.internet(subnet))
        found = f"{subnet.name} leads to an internet gateway by {', '.join(ways)}"
        return broken(resource, path, found)
    if view.routing.is_unknown(subnet):
        return unknown(resource, path)
    return met(resource, path, f"{subnet.name} is private")
