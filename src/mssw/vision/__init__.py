"""Arrays in, findings out: knows nothing of files or of students."""
