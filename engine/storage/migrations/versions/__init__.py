"""Revisions, one file each, in order of their number."""
