"""A project is found from where a command is run, and says what stacks it has."""

from pathlib import Path

import pytest

from seatrial.errors import UsageError
from seatrial.project import Project, find_project


def test_a_project_is_found_from_its_folder_and_from_below(project: Path) -> None:
    below = project / "docs" / "how-to"
    below.mkdir(parents=True)

    expected = Project(name="shop", directory=project, stacks=("dev", "prod"))
    assert find_project(project) == find_project(below) == expected


def test_the_file_of_a_stack_is_found(project: Path) -> None:
    assert find_project(project).stack_file("prod") == project / "Pulumi.prod.yaml"


def test_a_stack_without_a_file_is_refused_with_those_that_have_one(project: Path) -> None:
    with pytest.raises(UsageError, match=r"no stack named 'qa' in .*; the stacks are: dev, prod") as caught:
        find_project(project).stack_file("qa")

    assert "Pulumi.qa.yaml" in caught.value.tip


def test_a_project_without_stacks_says_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: bare\n")

    with pytest.raises(UsageError, match="there is no stack file") as caught:
        find_project(tmp_path).stack_file("")

    assert "Pulumi.<stack>.yaml" in caught.value.tip


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        find_project(tmp_path / "missing")


def test_a_folder_outside_every_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no Pulumi\.yaml in .* or above it"):
        find_project(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("runtime: python\n", id="no name"),
        pytest.param("name: ''\n", id="empty name"),
        pytest.param("name: 5\n", id="number"),
        pytest.param("- name\n", id="list"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_project_needs_a_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)

    with pytest.raises(UsageError, match="lacks the project's name"):
        find_project(tmp_path)


@pytest.mark.parametrize("content", [b"name: [", b"\xff\xfe\x00"], ids=["syntax", "bytes"])
def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "Pulumi.yaml").write_bytes(content)

    with pytest.raises(UsageError, match=r"Pulumi\.yaml is not YAML"):
        find_project(tmp_path)
