"""From a copier's scan of a class's worksheets to a printable packet with every name taken off."""

__version__ = "0.1.0"
