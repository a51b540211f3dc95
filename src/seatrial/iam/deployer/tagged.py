"""Telling by tag what belongs to a platform."""

from seatrial.iam.document import Condition

_TAG = "EnvironmentSuffix"


def on_resource(suffix: str) -> Condition:
    """Limit to what carries the platform's tag."""
    return {"StringEquals": {f"aws:ResourceTag/{_TAG}": suffix}}


def in_request(suffix: str) -> Condition:
    """Limit to requests that give the platform's tag."""
    return {"StringEquals": {f"aws:RequestTag/{_TAG}": suffix}}


def nobodys() -> Condition:
    """Limit to what carries no platform's tag."""
    return {"Null": {f"aws:ResourceTag/{_TAG}": "true"}}
