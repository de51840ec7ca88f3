"""What every page needs, whichever area it belongs to: work, login, CSRF, headers, errors, assets."""
