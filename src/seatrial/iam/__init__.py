"""Who may do what: trust and policy documents as pure functions, one module per role."""
