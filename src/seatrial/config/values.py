"""The scalars of a description: what AWS and Kubernetes accept, and how to say so."""

import re
from ipaddress import IPv4Network
from typing import Annotated, Literal

from seatrial.config.allowed import Allowed, Refusal, matching

RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
"""Days, as CloudWatch Logs accepts them (API reference, PutRetentionPolicy)."""

VpcCidr = str
ServiceCidr = str
PublicCidr = str
KubernetesVersion = str
AdminName = str
PrincipalArn = str
InstanceType = str
LabelKey = str
LabelValue = str
TaintValue = str
AddonVersion = str
GroupKey = str
Region = str
Suffix = str
TagKey = str
TagText = str
TagValue = str
