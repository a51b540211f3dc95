"""What is pinned, and that it goes with the versions of Kubernetes that the platform takes."""

import re

import pytest

from seatrial import releases, versions

CHARTS = [
    releases.LOAD_BALANCER_CONTROLLER,
    releases.CLUSTER_AUTOSCALER,
    releases.NODE_TERMINATION_HANDLER,
]
IMAGES = [releases.NODE_CACHE_IMAGE, releases.AWS_CLI_IMAGE, releases.WEB_IMAGE]
EXTENDED = versions.supported(releases.AS_OF, extended=True)


@pytest.mark.parametrize("minor", EXTENDED)
def test_every_supported_minor_has_an_autoscaler_of_its_own(minor: str) -> None:
    tag = releases.autoscaler_image_tag(minor)

    assert re.fullmatch(rf"v{re.escape(minor)}\.\d+", tag)


def test_the_default_version_is_among_them() -> None:
    assert versions.DEFAULT in EXTENDED


@pytest.mark.parametrize("minor", ["1.31", "1.37", "2.0", "", "1.3"])
def test_another_minor_is_refused_by_name(minor: str) -> None:
    with pytest.raises(LookupError, match=rf"Kubernetes {re.escape(minor)} as of 2026-11-26; there is one for 1\.32, "):
        releases.autoscaler_image_tag(minor)


def test_the_minors_are_in_order() -> None:
    minors = releases.autoscaled_minors()

    assert list(minors) == sorted(minors, key=lambda text: tuple(map(int, text.split("."))))


@pytest.mark.parametrize("source", CHARTS, ids=lambda source: source.chart)
def test_charts_are_pinned_and_found_over_tls(source: releases.ChartSource) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", source.version)
    assert source.chart.startswith("oci://") != source.repository.startswith("https://")


@pytest.mark.parametrize("image", IMAGES)
def test_images_are_pinned_to_a_release(image: str) -> None:
    assert re.fullmatch(r"(registry\.k8s\.io|public\.ecr\.aws)/[a-z0-9./-]+:\d+(\.\d+)+", image)


def test_the_plugin_is_pinned() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", releases.KUBERNETES_PROVIDER)


def test_the_table_is_not_older_than_that_of_the_versions() -> None:
    assert releases.AS_OF >= versions.AS_OF
