"""The pure model: no file, clock, image or outside library."""
