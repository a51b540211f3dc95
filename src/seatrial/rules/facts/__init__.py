"""What several rules read from a plan, each read once."""
