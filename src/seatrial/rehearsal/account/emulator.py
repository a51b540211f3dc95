"""The one place that reaches into MiniStack, which ships no types.

MiniStack reads its settings from the environment when it is imported, so :func:`load` sets them
first. Records and stores are MiniStack's own dictionaries: one store per kind of resource,
scoped by account and region of the request.
"""

import importlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any, Protocol, cast

DEFAULT_ACCOUNT = "000000000000"
"""Id of an emulated account that nobody gave another one."""

_ACCOUNT = "MINISTACK_ACCOUNT_ID"

Record = dict[str, Any]
"""A resource as a service keeps it."""

Store = MutableMapping[str, Record]
"""Resources of one kind in the account and region of the request."""

Reply = tuple[int, dict[str, str], bytes]
"""Status, headers and body of an answer."""


class Handler(Protocol):
    """What answers the requests of a service, once IAM has allowed them."""

    def __call__(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]], /
    ) -> Awaitable[Reply]:
        """Answer one request."""
        ...


def load(region: str, port: int, objects: str, account: str = DEFAULT_ACCOUNT) -> ModuleType:
    """Import MiniStack for ``region``; ``port`` stands in OIDC issuers, ``objects`` is the folder of S3 bodies."""
    os.environ.update({**_settings(region, port, objects), _ACCOUNT: account})
    app = importlib.import_module("ministack.app")
    vars(app)["AUTH"] = True
    buckets = _used("s3")
    if buckets:
        vars(buckets)["DATA_DIR"] = objects
    return app


def _settings(region: str, port: int, objects: str) -> dict[str, str]:
    return {
        "AUTH": "true",
        "USE_SSL": "1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": region,
        "PERSIST_STATE": "0",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": objects,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
    }


def app() -> ModuleType:
    """MiniStack's application module."""
    return importlib.import_module("ministack.app")


def core(name: str) -> ModuleType:
    """Give a module of MiniStack's core."""
    return importlib.import_module(f"ministack.core.{name}")


def service(name: str) -> ModuleType:
    """Give a service's module, by MiniStack's name for it: ``cloudwatch_logs``, ``ec2``."""
    return cast(ModuleType, member(app(), "_get_module")(name))


def member(module: ModuleType, name: str) -> Any:
    """Give a member of one of MiniStack's modules, also one that it keeps to itself."""
    return getattr(module, name)


def original(module: ModuleType, name: str) -> Any:
    """Give a member as MiniStack has it, also after it was replaced; of a dictionary a copy."""
    kept = f"_seatrial_{name}"
    if kept not in vars(module):
        own: Any = getattr(module, name)
        vars(module)[kept] = dict(cast("dict[str, Any]", own)) if isinstance(own, dict) else own
    return vars(module)[kept]


def forget() -> None:
    """Forget everything that any service holds, but for files: a process may serve one account after another."""
    for _, module in list(services()):
        module.reset()
    service("sts").reset()
    buckets = _used("s3")
    if buckets:
        member(buckets, "_load_persisted_data")()


def services() -> Iterator[tuple[str, ModuleType]]:
    """Every service that has been used, also by way of another one."""
    names = state_modules()
    for key in names:
        module = _used(names[key])
        if module is not None and hasattr(module, "get_state"):
            yield key, module


def _used(name: str) -> ModuleType | None:
    return loaded().get(name) or sys.modules.get(f"ministack.services.{name}")


def state_modules() -> dict[str, str]:
    """Name under which a service's state is kept, to the name of its module."""
    return cast("dict[str, str]", member(app(), "_state_map"))


def loaded() -> dict[str, ModuleType]:
    """Modules of services by name, as far as they are loaded; may be replaced."""
    return cast("dict[str, ModuleType]", member(app(), "_loaded_modules"))


def store(service_name: str, name: str) -> Store:
    """Give the live store ``name`` of a service: ``store("ec2", "_subnets")``."""
    return cast(Store, getattr(service(service_name), name))


def scoped(service_name: str, name: str) -> Iterator[tuple[tuple[str, str, str], Record]]:
    """Every record of a store, of all accounts and regions: account, region and key to record."""
    yield from member(service(service_name), name).all_items()


def scope(account: str, region: str) -> AbstractContextManager[None]:
    """Act for an account and region, as a request from there would."""
    return cast("AbstractContextManager[None]", core("responses").request_scope(account, region))


def region() -> str:
    """Region of the request at hand."""
    return cast(str, core("responses").get_region())


def home() -> str:
    """Give the id of the emulated account."""
    return os.environ.get(_ACCOUNT, DEFAULT_ACCOUNT)


def account() -> str:
    """Account of the request at hand."""
    return cast(str, core("responses").get_account_id())


def handlers() -> dict[str, Handler]:
    """Give what answers each service, by MiniStack's name for the service; may be replaced."""
    return cast("dict[str, Handler]", app().SERVICE_HANDLERS)


Asgi = Callable[[Record, Callable[[], Awaitable[Record]], Callable[[Record], Awaitable[None]]], Awaitable[None]]
"""An ASGI application."""


def asgi() -> Asgi:
    """MiniStack's own ASGI application."""
    return cast(Asgi, app().app)
