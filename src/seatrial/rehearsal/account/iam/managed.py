"""Policies that AWS keeps, with their own documents: MiniStack has some of them, in older versions."""

import json
from importlib import resources

from seatrial.rehearsal.account import emulator


def install() -> None:
    """Add the policies, in place of MiniStack's own of the same name."""
    module = emulator.service("iam")
    known, record = (
        emulator.member(module, "_aws_managed_policies"),
        emulator.member(module, "_make_aws_managed_record"),
    )
    for name, document in documents().items():
        made = record(name, json.dumps(document), f"AWS-managed policy {name}")
        known[made["Arn"]] = made


def documents() -> dict[str, object]:
    """Read the documents: path and name to policy."""
    file = resources.files("seatrial.rehearsal.account.iam").joinpath("managed_policies.json")
    return json.loads(file.read_text())
