"""The control plane of a platform, and the keys that encrypt it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from seatrial import versions
from seatrial.config.section import Section
from seatrial.config.values import AdminName, KubernetesVersion, PrincipalArn, PublicCidr, RetentionDays, ServiceCidr


class SupportType(StrEnum):
    """What EKS does when the standard support of a Kubernetes version ends."""

    STANDARD = "STANDARD"
    """It upgrades the control plane to the next version."""
    EXTENDED = "EXTENDED"
    """It keeps the version for another year, at six times the price."""


class Encryption(Section):
    """The customer-managed keys: secrets of the cluster, logs, volumes."""

    rotation_days: Annotated[StrictInt, Field(ge=90, le=2560)] = 365
    """Days between two rotations of a key, 90 to 2560. A year is what most rules ask for; a rotation breaks nothing."""
    deletion_window_days: Annotated[StrictInt, Field(ge=7, le=30)] = 30
    """Days in which the deletion of a key can be undone, 7 to 30. 30: without its key a cluster is lost for good."""


class Endpoint(Section):
    """Where the Kubernetes API is reached. Inside the network it always is."""

    public: StrictBool = False
    """Reach the API from the internet too. Off: an API that can't be reached can't be attacked."""
    public_access_cidrs: tuple[PublicCidr, ...] = Field(default=(), max_length=40)
    """Public IPv4 ranges that may reach the API, each /16 or smaller. Needed when ``public`` is on, else empty.

    At most 40, by EKS's quota.
    """


class Cluster(Section):
    """The EKS control plane."""

    version: KubernetesVersion = versions.DEFAULT
    """Kubernetes minor version, quoted.

    The default is, of those that every add-on supports, the one with the longest standard support.
    """
    endpoint: Endpoint = Endpoint()
    """Where the Kubernetes API is reached."""
    service_cidr: ServiceCidr = "172.20.0.0/16"
    """IPv4 range of Kubernetes services, /12 to /24 of a private range, apart from the VPC's.

    It can't be changed later. The default is the one that EKS takes in a VPC of 10.0.0.0/8.
    """
    log_retention_days: RetentionDays = 90
    """Days to keep the control plane's logs, all five types. 90 covers the weeks in which most intrusions are found."""
    deletion_protection: StrictBool = False
    """Refuse to delete the cluster until this is turned off.

    Off, so that a trial can be destroyed; production turns it on.
    """
    support_type: SupportType = SupportType.STANDARD
    """What EKS does when standard support ends: STANDARD upgrades, EXTENDED stays.

    Staying costs 0.60 instead of 0.10 USD an hour, so it is a choice to be made.
    """
    zonal_shift: StrictBool = True
    """Let AWS steer traffic away from an impaired zone. On: it costs nothing and acts before a person could."""
    admins: Mapping[AdminName, PrincipalArn] = Field(default_factory=dict)
    """Name to IAM principal ARN of the people and pipelines that administer the cluster.

    Nobody by default, not even who creates it: access is given by name.
    """
