"""The entity designer: fields, their types and keys, and the map of an app's relations."""
