"""Updates: how EKS carries out a change, and says how it went."""

import json
from typing import Any

from seatrial.rehearsal.account.eks import refusal
from seatrial.rehearsal.account.eks.service import Service
from seatrial.rehearsal.account.eks.state import identity, key, now, shown, within
from seatrial.rehearsal.account.emulator import Record


def begin(service: Service, kind: str, params: Record, target: tuple[str, ...], changes: Record) -> Record:
    """Begin an update of ``target``; ``changes`` come into force when it is done."""
    update: Record = {
        "id": identity(),
        "status": "InProgress",
        "type": kind,
        "params": [{"type": name, "value": text(value)} for name, value in params.items()],
        "createdAt": now(),
        "errors": [],
        "_target": list(target),
        "_changes": changes,
        "_due": service.due(),
        "_failure": service.failure(),
    }
    service.state.updates[key(target[0], update["id"])] = update
    return {"update": shown(update)}


def text(value: Any) -> str:
    """Write a parameter as EKS shows it: JSON, but plain text for texts."""
    return value if isinstance(value, str) else json.dumps(value)


def describe(service: Service, parameters: Record) -> Record:
    """DescribeUpdate."""
    name = parameters["name"]
    record = service.state.updates.get(key(name, parameters["updateId"]))
    update = refusal.found(record, f"No update found for id: {parameters['updateId']}")
    return {"update": shown(update)}


def listed(service: Service, parameters: Record) -> Record:
    """ListUpdates."""
    target = [parameters["name"], *(parameters[name] for name in ("nodegroupName", "addonName") if name in parameters)]
    kind = "addon" if "addonName" in parameters else "nodegroup" if "nodegroupName" in parameters else ""
    wanted = [target[0], kind, *target[1:]] if kind else target
    updates = within(service.state.updates, parameters["name"])
    return {"updateIds": [update["id"] for update in updates if update["_target"] == wanted]}


def settle(update: Record, target: Record) -> None:
    """End an update: its changes come into force, or it fails."""
    failure = update["_failure"]
    if failure:
        update["status"] = "Failed"
        update["errors"] = [{"errorCode": failure["code"] or "Unknown", "errorMessage": failure["message"]}]
    else:
        update["status"] = "Successful"
        merge(target, update["_changes"])
    target["modifiedAt"] = now()
    target["status"] = "ACTIVE"


def merge(target: Record, changes: Record) -> None:
    """Lay changes over a resource; what they leave out stays."""
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict) and name != "labels":
            target[name] = {**target[name], **value}
        else:
            target[name] = value
