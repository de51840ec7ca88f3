"""Packs: what is installed, the shelf, files; installing, saving, cloning, upgrading, comparing, taking away."""
