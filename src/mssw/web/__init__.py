"""The local pages to review and sort (to come)."""
