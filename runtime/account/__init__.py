"""My own account: password, preferences, tokens, notifications."""
