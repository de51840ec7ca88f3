"""Pages, forms and tools with which admins change an app."""
