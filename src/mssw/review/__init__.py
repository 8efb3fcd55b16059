"""What a teacher decides about each page: seen, covered, moved, set aside; and how decisions are applied."""
