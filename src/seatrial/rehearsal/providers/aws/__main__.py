"""Runs the provider as the engine starts plugins."""

from importlib.metadata import version

from seatrial.rehearsal.providers.aws.provider import AwsProvider
from seatrial.rehearsal.providers.process import run

if __name__ == "__main__":
    run(AwsProvider(), version("pulumi-aws"))
