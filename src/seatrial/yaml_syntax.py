"""What is wrong with a text as YAML: where, what, and how it usually came about."""

import yaml


def place(mark: yaml.Mark | None) -> str:
    """Write ``line 4, column 1``."""
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"


def problem(error: yaml.MarkedYAMLError) -> str:
    """Say what was found, in the parser's words where they say it."""
    if error.problem == "but found another document":
        return "a second document"
    return (error.problem or "a fault").removeprefix("found ")


def hint(error: yaml.MarkedYAMLError, text: str) -> str:
    """Say what to do about the mistakes that are made most."""
    line = text.splitlines()[error.problem_mark.line :][:1] if error.problem_mark else []
    if any("{{" in each for each in line):
        return "it is a template: render it first, as helm template does"
    if any(each[: len(each) - len(each.lstrip())].count("\t") for each in line):
        return "indent with spaces: YAML takes no tabs there"
    return ""
