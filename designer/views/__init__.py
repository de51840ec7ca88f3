"""The view designer's own addresses: the preview of a view that is being edited."""
