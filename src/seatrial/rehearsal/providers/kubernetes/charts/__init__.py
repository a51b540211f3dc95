"""What charts take: a schema for each, written from what upstream documents."""
