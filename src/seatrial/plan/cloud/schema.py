"""What the AWS provider takes as inputs, by the classes of the installed ``pulumi_aws``."""

from collections.abc import Sequence

from seatrial.plan.graph import Properties


def faults(type_: str, inputs: Properties) -> Sequence[str]:
    return []
