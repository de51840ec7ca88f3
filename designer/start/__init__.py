"""The start of a new app: what fits, an empty one, a pack, or a table that people have already."""
