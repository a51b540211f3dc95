"""The plan: what a program would deploy, found out by running it without an engine and without a cloud."""

from seatrial.plan.errors import PlanRefused, Refusal
from seatrial.plan.graph import Message, Plan, Properties, Resource, Secret, Unknown, Value
from seatrial.plan.recording import Program, run

__all__ = [
    "Message",
    "Plan",
    "PlanRefused",
    "Program",
    "Properties",
    "Refusal",
    "Resource",
    "Secret",
    "Unknown",
    "Value",
    "run",
]
