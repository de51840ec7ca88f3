"""The field types, one file each; `catalogue.py` lists them."""
