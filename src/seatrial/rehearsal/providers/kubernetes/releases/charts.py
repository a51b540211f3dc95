"""Finds charts: in a folder that is given, in the user's cache, or in their repository, and then in the cache."""

import hashlib
import os
import re
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.rehearsal.providers.kubernetes.releases.helm import Helm, HelmFailed

PULL_SECONDS = 10.0
"""How long a repository may take."""

_OUT_OF_REACH = re.compile(
    r"no such host|server misbehaving|i/o timeout|connection (refused|reset)|network is unreachable|took longer|"
    r"TLS handshake|context deadline exceeded|proxyconnect",
    re.IGNORECASE,
)
"""What Helm says when there is no way to a repository: there is none to others then either."""

_REMEMBERED_SECONDS = 120.0
"""How long that is remembered: a rehearsal, and the next look at it, don't wait again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chart as a release names it."""

    chart: str
    """Name in the repository, ``oci://…``, or the path of a folder or archive."""
    version: str
    repository: str
    """URL; empty for the other two."""

    @property
    def name(self) -> str:
        """The chart's own name."""
        return self.chart.rstrip("/").rpartition("/")[2].removesuffix(".tgz")

    @property
    def archive(self) -> str:
        """What its archive is called."""
        return f"{self.name}-{self.version}.tgz"


class Absent(Exception):
    """A chart can't be had."""


@dataclass(frozen=True, slots=True)
class Charts:
    """Where charts are."""

    helm: Helm | None
    """None: nothing can be fetched, nor rendered."""
    folder: Path | None
    """Archives that the user has put there."""
    cache: Path
    """Archives that were fetched before, from whatever repository."""
    seconds: float = PULL_SECONDS
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, wanted: Wanted) -> Path:
        """Return the chart's folder or archive; raise :class:`Absent` with the reason when there is none."""
        if self.helm is None:
            raise Absent("no Helm on this machine")
        here = self._here(wanted)
        if here:
            return here
        with self._lock:  # one at a time: when the first can't be fetched, the others needn't wait for it
            return self._here(wanted) or self._fetched(self.helm, wanted)

    def _here(self, wanted: Wanted) -> Path | None:
        given = Path(wanted.chart)
        candidates = [given] if not wanted.repository and "://" not in wanted.chart else []
        candidates += [self.folder / wanted.archive] if self.folder else []
        return next((it for it in (*candidates, self._cached(wanted)) if it.exists()), None)

    def _cached(self, wanted: Wanted) -> Path:
        source = hashlib.sha256(f"{wanted.repository} {wanted.chart}".encode()).hexdigest()[:12]
        return self.cache / source / wanted.archive

    def _fetched(self, helm: Helm, wanted: Wanted) -> Path:
        if "://" not in (wanted.repository or wanted.chart):
            raise Absent(f"no chart at {wanted.chart}")
        if self._is_out():
            raise Absent("chart repositories couldn't be reached a moment ago")
        try:
            return self._pulled(helm, wanted)
        except HelmFailed as failed:
            found = _OUT_OF_REACH.search(str(failed))
            if found is None:
                raise Absent(str(failed)) from failed
            self._outage.touch()
            raise Absent(f"{wanted.repository or wanted.chart} can't be reached: {found[0]}") from failed

    def _pulled(self, helm: Helm, wanted: Wanted) -> Path:
        target = self._cached(wanted)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            where = ["--repo", wanted.repository] if wanted.repository else []
            version = ["--version", wanted.version] if wanted.version else []
            helm.run(["pull", wanted.chart, *where, *version, "--destination", str(staging)], seconds=self.seconds)
            pulled = next(staging.glob("*.tgz"))
            return pulled.replace(target.with_name(pulled.name))
        finally:
            shutil.rmtree(staging)

    @property
    def _outage(self) -> Path:
        """File whose age tells when no repository could be reached."""
        return self.cache / ".out-of-reach"

    def _is_out(self) -> bool:
        try:
            return time.time() - self._outage.stat().st_mtime < _REMEMBERED_SECONDS
        except FileNotFoundError:
            return False


def user_cache() -> Path:
    """Return the folder in which the user's projects share what was fetched."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seatrial"


def from_environment(helm: Helm | None) -> Charts:
    """Return the charts of this machine: ``SEATRIAL_CHARTS`` names a folder of archives."""
    given = os.environ.get("SEATRIAL_CHARTS")
    return Charts(helm, Path(given) if given else None, user_cache() / "charts")
