"""Everything that goes onto paper: Typst sets text, pikepdf binds and imposes. No knowledge of students."""
