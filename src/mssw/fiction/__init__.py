"""A fictional class: its roster, its answers in handwriting, and the school copier that scans them."""
