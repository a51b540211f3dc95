"""Stands in for every process of a control plane: says what it is told to, listens where it is told to.

Orders lie in the control plane's folder, which is where it runs: ``orders.json`` names processes and what is
different with them.
"""

import json
import os
import signal
import socketserver
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def main() -> None:
    name, *arguments = sys.argv[1:]
    Path(f"{name}.asked.json").write_text(json.dumps({"arguments": arguments, "environment": dict(os.environ)}))
    orders = _orders(name)
    if "say" in orders:
        _say(orders["say"])
    if "exit" in orders:
        raise SystemExit(orders["exit"])
    if "deaf" in orders:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    options = dict(argument.removeprefix("--").split("=", 1) for argument in arguments)
    if name == "etcd":
        (Path(options["data-dir"]) / "member").mkdir(parents=True, exist_ok=True)
        _listen(urlsplit(options["listen-client-urls"]).port or 0)
    if "secure-port" in options:
        _serve(options, orders)
    while not Path(f"{name}.end").exists():
        time.sleep(0.02)
    _say("told to end")
    raise SystemExit(3)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _orders(name: str) -> dict[str, Any]:
    path = Path("orders.json")
    return json.loads(path.read_text()).get(name, {}) if path.exists() else {}


def _listen(port: int) -> None:
    class Server(socketserver.TCPServer):
        allow_reuse_address = True

    _background(Server(("127.0.0.1", port), socketserver.BaseRequestHandler))


def _serve(options: dict[str, str], orders: dict[str, Any]) -> None:
    missing = orders.get("missing", [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404 if any(part in self.path for part in missing) else 200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name above)
            """Say nothing."""

    server = ThreadingHTTPServer((options["bind-address"], int(options["secure-port"])), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options["tls-cert-file"], options["tls-private-key-file"])
    if "client-ca-file" in options:
        context.load_verify_locations(options["client-ca-file"])
        context.verify_mode = ssl.CERT_REQUIRED
    server.socket = context.wrap_socket(server.socket, server_side=True)
    _background(server)


def _background(server: socketserver.BaseServer) -> None:
    threading.Thread(target=server.serve_forever, daemon=True).start()


if __name__ == "__main__":
    main()
