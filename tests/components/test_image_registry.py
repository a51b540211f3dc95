"""Images come from their publishers, or all of them from a registry of copies."""

from collections.abc import Callable, Iterator, Mapping
from typing import cast

import pytest

from seatrial.plan import Plan

Planned = Callable[..., Plan]

REGISTRY = "123456789012.dkr.ecr.us-east-2.amazonaws.com"
_ON = {"enabled": True}


def _hosts(planned: Planned, **chosen: object) -> set[str]:
    """Plan all that has an image, and give the hosts that images come from."""
    demonstrations = {"irsaDemo": {"testPod": True}, "spotDemo": _ON, "nodeLocalDns": _ON}
    plan = planned(
        cluster={"admins": {"ops": "arn:aws:iam::123456789012:role/ops"}},
        kubernetes={**demonstrations, **chosen},
    )
    images = [image for each in plan if each.type.startswith("kubernetes:") for image in _images(each.inputs)]
    assert len(images) == 6
    return {image.partition("/")[0] for image in images}


def _images(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, below in cast("Mapping[str, object]", value).items():
            if key in {"image", "repository"} and isinstance(below, str):
                yield below
            yield from _images(below)
    elif isinstance(value, list | tuple):
        for item in cast("list[object]", value):
            yield from _images(item)


@pytest.mark.parametrize(
    ("chosen", "hosts"),
    [({}, {"public.ecr.aws", "registry.k8s.io"}), ({"imageRegistry": REGISTRY}, {REGISTRY})],
    ids=["published", "copied"],
)
def test_every_image_is_from_where_it_should_be(planned: Planned, chosen: dict[str, object], hosts: set[str]) -> None:
    assert _hosts(planned, **chosen) == hosts
