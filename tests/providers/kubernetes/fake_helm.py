"""Stands in for Helm: does to a fake cluster what Helm would, as far as the provider can tell.

``orders.json`` beside it says what to do otherwise, by subcommand: ``fail`` with a text, ``sleep`` for seconds,
``leave`` a release with a status and fail. ``calls.jsonl`` has what it was called with.
"""

import base64
import gzip
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(os.environ["FAKE_HELM"])


def main() -> None:
    command, *rest = sys.argv[1:]
    given = sys.stdin.read()
    seen = {name: value for name, value in os.environ.items() if name.startswith(("HELM_", "KUBE"))}
    with (HERE / "calls.jsonl").open("a") as calls:
        print(json.dumps({"arguments": sys.argv[1:], "input": json.loads(given), "environment": seen}), file=calls)
    orders: Any = json.loads((HERE / "orders.json").read_text()) if (HERE / "orders.json").exists() else {}
    order = orders.get(command, {})
    if "sleep" in order:
        time.sleep(order["sleep"])
    if "fail" in order:
        sys.exit(order["fail"])
    COMMANDS[command](rest, json.loads(given), order)


def _after(arguments: list[str], flag: str) -> str:
    return arguments[arguments.index(flag) + 1]


def _pull(arguments: list[str], _: Any, __: Any) -> None:
    name, version = arguments[0].rpartition("/")[2], _after(arguments, "--version")
    metadata = {"name": name, "version": version, "appVersion": "7"}
    (Path(_after(arguments, "--destination")) / f"{name}-{version}.tgz").write_text(json.dumps(metadata))


def _upgrade(arguments: list[str], values: Any, order: Any) -> None:
    name, chart = arguments[1], json.loads(Path(arguments[2]).read_text())
    manifest = f"kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: {name}-settings\n---\n"
    manifest += "kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {name: x, namespace: there}\n"
    if order.get("leave") != "nothing":
        told = {"config": values, "chart": {"metadata": chart}, "manifest": manifest}
        _write(arguments, name, order.get("leave", "deployed"), told)
    if "leave" in order:
        sys.exit("WARNING: be warned\nError: UPGRADE FAILED: not ready")


def _rollback(arguments: list[str], _: Any, __: Any) -> None:
    _write(arguments, arguments[0], "deployed", {"chart": {"metadata": {"name": "demo", "version": "0"}}})


def _uninstall(arguments: list[str], _: Any, __: Any) -> None:
    for secret in _kept(arguments, arguments[0]):
        _ask(arguments, "DELETE", f"/{secret['metadata']['name']}")


def _write(arguments: list[str], name: str, status: str, told: dict[str, Any]) -> None:
    number = len(_kept(arguments, name)) + 1
    release = {"name": name, "version": number, "info": {"status": status}, **told}
    data = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()
    labels = {"owner": "helm", "name": name, "version": str(number)}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{number}", "labels": labels}
    _ask(arguments, "POST", "", {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"release": data}})


def _kept(arguments: list[str], name: str) -> list[Any]:
    return _ask(arguments, "GET", f"?labelSelector=owner%3Dhelm%2Cname%3D{name}")["items"]


def _ask(arguments: list[str], method: str, rest: str, body: Any = None) -> Any:
    config = json.loads(Path(_after(arguments, "--kubeconfig")).read_text())
    server = config["clusters"][0]["cluster"]["server"]
    url = f"{server}/api/v1/namespaces/{_after(arguments, '--namespace')}/secrets{rest}"
    data = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:  # noqa: S310 (http)
        return json.loads(answer.read())


COMMANDS = {"pull": _pull, "upgrade": _upgrade, "rollback": _rollback, "uninstall": _uninstall}

if __name__ == "__main__":
    main()
