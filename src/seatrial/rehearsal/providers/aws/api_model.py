"""botocore's description of the AWS API: operations and the shapes of their parameters."""

import functools
import importlib
from typing import Any


@functools.cache
def session() -> Any:
    """Return the one botocore session: it caches what it reads from disk."""
    return importlib.import_module("botocore.session").Session()


@functools.cache
def service(name: str) -> Any:
    """Return the model of a service, as ``ec2``."""
    return session().get_service_model(name)


def parameters(service_name: str, operation: str) -> Any:
    """Return the structure that an operation takes."""
    return service(service_name).operation_model(operation).input_shape
