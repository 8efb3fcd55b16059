"""The border to the disk: each module meets one outside library."""
