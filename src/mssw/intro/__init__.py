"""The introduction that a presenting teacher writes: its questions, ``intro.md``, and advice on its wording."""
