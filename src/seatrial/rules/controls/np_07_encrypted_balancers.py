"""NP-07: load balancers are internal unless listed, and speak TLS."""

import json
from collections.abc import Callable, Iterator
from typing import cast

from seatrial.plan import Properties
from seatrial.rules.facts.kinds import INGRESS, SERVICE
from seatrial.rules.facts.objects import Object
from seatrial.rules.facts.values import at, is_unknown, properties, text
from seatrial.rules.model import Observation, Rule, Severity
from seatrial.rules.observations import UNTOLD, broken, met, unknown
from seatrial.rules.sources import Framework, cited
from seatrial.rules.view import View

_INGRESS = "alb.ingress.kubernetes.io/"
_SERVICE = "service.beta.kubernetes.io/aws-load-balancer-"
_PUBLIC = "internet-facing"
_OLD_TLS = ("2016-08", "TLS-1-0", "TLS-1-1", "TLS-1-2-2017-01")

Fault = tuple[str, str, str]
"""Annotation, what was found, what is allowed."""


def _examine(view: View) -> Iterator[Observation]:
    for ingress in view.objects.of_kind(INGRESS):
        yield from _judged(ingress, _ingress)
    for service in view.objects.of_kind(SERVICE):
        if at(service.resource, "spec.type") == "LoadBalancer":
            yield from _judged(service, _service)


def _judged(found: Object, faults: Callable[[Properties], Iterator[Fault]]) -> Iterator[Observation]:
    annotations = properties(at(found.resource, "metadata.annotations"))
    wrong = list(faults(annotations))
    for annotation, said, allowed in wrong:
        path = f"metadata.annotations.{annotation}"
        if said == UNTOLD:
            yield unknown(found.resource, path, allowed=allowed)
        else:
            yield broken(found.resource, path, said, allowed=allowed)
    if not wrong:
        yield met(found.resource, "metadata.annotations", f"{found.title} speaks TLS")


def _ingress(annotations: Properties) -> Iterator[Fault]:
    yield from _private(annotations, f"{_INGRESS}scheme", f"{_INGRESS}wafv2-acl-arn")
    yield from _needed(annotations, f"{_INGRESS}certificate-arn", "the ARN of a certificate")
    yield from _policy(annotations, f"{_INGRESS}ssl-policy")
    redirect = f"{_INGRESS}ssl-redirect"
    if _listens_plainly(text(annotations.get(f"{_INGRESS}listen-ports"))) and not annotations.get(redirect):
        yield redirect, "HTTP without a redirect to HTTPS", "443"


def _service(annotations: Properties) -> Iterator[Fault]:
    yield from _private(annotations, f"{_SERVICE}scheme", "")
    yield from _needed(annotations, f"{_SERVICE}ssl-cert", "the ARN of a certificate")
    yield from _policy(annotations, f"{_SERVICE}ssl-negotiation-policy")


def _private(annotations: Properties, scheme: str, firewall: str) -> Iterator[Fault]:
    value = annotations.get(scheme)
    if is_unknown(value):
        yield scheme, UNTOLD, "internal"
    elif value == _PUBLIC and not (firewall and annotations.get(firewall)):
        allowed = f"internal, or {firewall} with the ARN of a web ACL" if firewall else "internal"
        yield scheme, _PUBLIC, allowed


def _needed(annotations: Properties, annotation: str, allowed: str) -> Iterator[Fault]:
    # The ARN of a certificate that is yet to be made is as good as one that is known.
    if annotations.get(annotation) is None:
        yield annotation, "no certificate", allowed


def _policy(annotations: Properties, annotation: str) -> Iterator[Fault]:
    value = annotations.get(annotation)
    allowed = "a policy of TLS 1.2 and later, such as ELBSecurityPolicy-TLS13-1-2-2021-06"
    if is_unknown(value):
        yield annotation, UNTOLD, allowed
    elif not text(value) or any(old in text(value) for old in _OLD_TLS):
        yield annotation, text(value) or "nothing, so TLS 1.0 too", allowed


def _listens_plainly(listeners: str) -> bool:
    """Tell whether a list of listeners has one of HTTP; without a list there is one beside a certificate's HTTPS."""
    try:
        listed = cast("object", json.loads(listeners or "[]"))
    except json.JSONDecodeError:
        return True
    each_of = cast("list[object]", listed) if isinstance(listed, list) else []
    return any("HTTP" in cast("dict[str, object]", each) for each in each_of if isinstance(each, dict))


RULE = Rule(
    id="NP-07",
    severity=Severity.HIGH,
    title="Load balancers are internal, or have a firewall, and speak TLS 1.2 or later",
    needs="an Ingress, or a Service of type LoadBalancer",
    why="What a load balancer takes in plain text anybody on the way reads; what is public, anybody tries.",
    allowed="a certificate, a policy of TLS 1.2 and later, HTTP only to redirect; public with a web ACL only",
    remedy="set the annotations of the load balancer controller in the manifest that the program adds",
    sources=(
        *cited(Framework.CIS_EKS, "5.4.5"),
        *cited(Framework.CHECKOV, "CKV_AWS_2", "CKV_AWS_103", "CKV_AWS_378", "CKV2_AWS_20", "CKV2_AWS_28"),
        *cited(Framework.TRIVY, "AWS-0047", "AWS-0054"),
    ),
    examine=_examine,
)
