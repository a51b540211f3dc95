"""The AWS resources of a plan in the form of ``terraform show -json``, for programs that read only that."""

from seatrial.export.terraform.document import document, render

__all__ = ["document", "render"]
