"""Every cluster of another analyzer's test data, with exactly the connections that it expects."""

from pathlib import Path

import pytest

from seatrial.errors import Fault
from seatrial.semantics import documents
from seatrial.semantics.network_policy import connections

FOLDER = Path(__file__).parents[2].parent / "shared/vectors/network-policy"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no test data of netpol-analyzer in {FOLDER}")


@pytest.mark.parametrize("folder", sorted(FOLDER.glob("*/")), ids=lambda path: path.name)
def test_the_connections_are_those_that_are_expected(folder: Path) -> None:
    faults: list[Fault] = []
    files = [path for path in sorted(folder.iterdir()) if path.suffix in {".json", ".yaml"}]
    objects = [item.value for path in files for item in documents.parse(path.read_text(), path.name, faults)]

    found = [str(connection) for connection in connections(objects)]

    assert faults == []
    assert found == (folder / "expected-connections.txt").read_text().splitlines()
