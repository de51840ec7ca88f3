"""Building blocks that the designers offer: documents, no code."""
