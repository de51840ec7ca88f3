"""Parts of the `formwork` command."""
