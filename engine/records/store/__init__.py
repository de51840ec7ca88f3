"""Writing records and what belongs to them. Speaks SQL."""
