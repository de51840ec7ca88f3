"""Who may do what: the matrix of roles, and why somebody can or can't."""
