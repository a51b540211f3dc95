"""A plan as text: pure functions, one a format."""
