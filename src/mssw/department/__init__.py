"""Many classes in one command: a plan is read, checked and run, and each class gets a row in the report."""
