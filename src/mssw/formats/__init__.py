"""The border to the disk: each module reads or writes one kind of file with one outside library."""
