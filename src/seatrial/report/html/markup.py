"""Elements of HTML and SVG as text, escaped."""

from html import escape


def element(tag: str, *content: str, **attributes: str | float) -> str:
    """Write an element; content is markup already. ``class_`` is ``class``, ``text_anchor`` is ``text-anchor``."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_value(value))}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>{''.join(content)}</{tag}>"


def words(text: str) -> str:
    """Write text as markup."""
    return escape(text, quote=False)


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
