"""Processes that work on pages side by side, with limits on memory and time."""
