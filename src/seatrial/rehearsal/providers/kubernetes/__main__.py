"""Runs the provider as the engine starts plugins."""

from seatrial.rehearsal.providers.engine import Engine
from seatrial.rehearsal.providers.kubernetes.provider import VERSION, KubernetesProvider
from seatrial.rehearsal.providers.process import engine_address, run

if __name__ == "__main__":
    run(KubernetesProvider(engine=Engine(engine_address())), VERSION)
