"""The building blocks that the designers' palettes offer."""
