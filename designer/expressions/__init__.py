"""Expressions in the designers: read as they are typed, explained, tried on records."""
