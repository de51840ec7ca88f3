"""From draft to release: what changes and what it does to what is there, publishing, the history, going back."""
