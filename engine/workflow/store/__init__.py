"""The workflow's tables: the only SQL of this room."""
