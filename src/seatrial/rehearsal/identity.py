"""What a deployed platform keeps for life: by it everything is called, and the deployer's permissions are bounded."""

from collections.abc import Mapping

from seatrial.config import Platform, load_platform
from seatrial.errors import ConfigError, Fault
from seatrial.rehearsal import documents
from seatrial.rehearsal.state import StateFolder


def check(state: StateFolder, stack: str, wanted: Platform) -> None:
    """Refuse a description of another platform while one is deployed: nobody might remove the first any more.

    Raises:
        ConfigError: The region or the suffix isn't that of what is deployed.

    """
    copied = documents.copied(state, stack)
    if not copied.is_file():
        return
    deployed = _identity(load_platform(copied))
    faults = [
        Fault(key, value, f"{deployed[key]}, as deployed", f"run `seatrial rehearse down --stack {stack}` first")
        for key, value in _identity(wanted).items()
        if value != deployed[key]
    ]
    if faults:
        raise ConfigError(faults)


def _identity(platform: Platform) -> Mapping[str, str]:
    return {"environmentSuffix": platform.environment_suffix, "region": platform.region}
