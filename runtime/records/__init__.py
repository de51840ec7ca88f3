"""Lists, forms and record pages."""
