"""What others' charts are given: one module per chart, each with the service account that the platform makes for it."""

from seatrial.manifests.charts.chart import Chart

__all__ = ["Chart"]
