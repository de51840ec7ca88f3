"""Industry presets, each an unzipped pack: documents, no code."""
