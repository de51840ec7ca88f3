"""The designer of forms: the canvas shows what the work pages show."""
