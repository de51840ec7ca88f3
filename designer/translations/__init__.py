"""Every text of the app in every language: a grid, and a table to send to translators."""
