"""What can be seen on a page: arrays in, findings out. Nothing here knows files, or more of students than spellings."""
