"""Amounts of processor time and bytes, as Kubernetes writes them, in the few spellings that leave no doubt."""

import re

from seatrial.config.allowed import Refusal, matching

CPU_PATTERN = r"[1-9][0-9]{0,5}m?"
"""Cores, or thousandths of one."""

BYTES_PATTERN = r"[1-9][0-9]{0,5}(Mi|Gi|Ti)"
"""Binary units only: ``G`` is 7 % less than ``Gi``, and ``m`` would be thousandths of a byte."""

CPU = 'cores in quotes, "2", or thousandths of one, 500m'
"""What processor time may be, in words (Kubernetes documentation, "Resource Management for Pods")."""

BYTES = "bytes in Mi, Gi or Ti, such as 512Mi"
"""What memory or storage may be, in words."""

_MEBIBYTES = {"Mi": 1, "Gi": 1024, "Ti": 1024 * 1024}
_CORE = 1000
_DECIMAL = re.compile(r"[0-9]+[MGT]B?")


def cpu(text: str) -> Refusal | None:
    """Tell what is wrong with an amount of processor time."""
    return matching(CPU_PATTERN)(text)


def size(text: str) -> Refusal | None:
    """Tell what is wrong with an amount of bytes."""
    if _DECIMAL.fullmatch(text):
        return Refusal(f"did you mean {text.removesuffix('B')}i?")
    return matching(BYTES_PATTERN)(text)


def millicores(text: str) -> int:
    """Return an amount of processor time in thousandths of a core."""
    return int(text[:-1]) if text.endswith("m") else int(text) * _CORE


def mebibytes(text: str) -> int:
    """Return an amount of bytes in MiB."""
    return int(text[:-2]) * _MEBIBYTES[text[-2:]]
