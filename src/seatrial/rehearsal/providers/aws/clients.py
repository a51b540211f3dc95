"""botocore clients: one for each service and region, safe to use from any thread."""

import functools
import importlib
import os
import threading
from dataclasses import dataclass, field
from typing import Any

from seatrial.rehearsal.providers.aws import api_model, creations

_ATTEMPTS = 10
"""Throttling, server errors and broken connections are retried this often, unless AWS_MAX_ATTEMPTS says otherwise;
botocore waits half a second at first and doubles it up to 20 s."""

_CONNECTIONS = 64


@dataclass(eq=False)
class Clients:
    """Makes clients from the ordinary AWS environment: endpoint, certificate authority, credentials."""

    region: str
    """Where resources are that don't say."""
    _made: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, service: str, region: str) -> Any:
        """Return the client of a service in a region."""
        with self._lock:
            key = (service, region)
            if key not in self._made:
                self._made[key] = self._make(service, region)
            return self._made[key]

    @functools.cached_property
    def account(self) -> str:
        """The id of the account that the credentials belong to."""
        return self.get("sts", self.region).get_caller_identity()["Account"]

    def partition(self, region: str) -> str:
        """Return the partition that a region is in, as ``aws``."""
        return api_model.session().get_partition_for_region(region)

    @staticmethod
    def _make(service: str, region: str) -> Any:
        retries = {"mode": "standard", "total_max_attempts": int(os.environ.get("AWS_MAX_ATTEMPTS", _ATTEMPTS))}
        config = importlib.import_module("botocore.config").Config(
            retries=retries, max_pool_connections=_CONNECTIONS, read_timeout=60, connect_timeout=10
        )
        client = api_model.session().create_client(service, region_name=region, config=config)
        creations.attach(client.meta.events)
        return client
