"""The local pages for this computer's own browser: the same steps as the commands, with something to look at."""
