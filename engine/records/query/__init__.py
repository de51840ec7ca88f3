"""Reading records: names to columns, questions to statements, rows to values. Speaks SQL."""
