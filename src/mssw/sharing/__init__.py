"""The gate to ``shared/``: a file is audited, written whole, and listed in the manifest."""
