"""The sort page."""
