"""A fictional class: its students, their handwriting, the school copier that scans it, and the tour through mssw."""
