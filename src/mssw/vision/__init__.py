"""What can be seen on a page: arrays in, findings out. It opens no file, and knows students only by spellings."""
