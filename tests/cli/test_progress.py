"""Progress on a terminal and off it."""

import io
import sys

import pytest

from seatrial.cli import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_off_a_terminal_a_phase_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    told = progress.reporter()

    told.begin("deploying")
    told.advance(1, 2, "create vpc")
    told.note("using pulumi 3.250.0")
    told.end("done in 3 s")

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["deploying ...", "using pulumi 3.250.0", "deploying: done in 3 s"]


def test_off_a_terminal_a_long_phase_says_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 5.0, 11.0, 12.0, 75.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    told = progress.Lines()

    told.begin("building")
    for done in range(4):
        told.advance(done, 9, "a package")

    assert capsys.readouterr().err.splitlines() == [
        "building ...",
        "  1/9 after 11 s a package",
        "  3/9 after 1 min 15 s a package",
    ]


def test_on_a_terminal_the_line_moves_and_its_result_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    told = progress.reporter()

    told.begin("deploying")
    told.advance(1, None, "create [vpc]")
    told.note("[note]")
    told.begin("testing")
    told.end("done [in] 3 s")
    told.advance(1, None, "too late")

    shown = screen.getvalue()
    assert "[note]\n" in shown
    assert shown.rstrip().endswith("testing: done [in] 3 s")


@pytest.mark.parametrize(("done", "total", "text"), [(1, 2, "1/2"), (3, None, "3"), (4, 3, "4")])
def test_an_amount_names_the_end_where_it_is_known(done: int, total: int | None, text: str) -> None:
    assert progress.amount(done, total) == text
