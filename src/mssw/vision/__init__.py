"""Arrays in, findings out: knows nothing of files, and of students only the spellings that it gets."""
