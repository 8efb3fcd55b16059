"""Class lists: which column means what, who the students are, and what looks wrong."""
