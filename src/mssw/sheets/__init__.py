"""Coded task sheets: printed for each student, so that no name needs to be written on them."""
