"""The draft as its users would see it, before it is published."""
