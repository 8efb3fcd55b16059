"""Samples on a projector: what is shown, the questions that cut the pages, and the slides of a PDF."""
