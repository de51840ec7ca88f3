"""The workflow designer: its page, what it must know about people and records, and new workflows."""
