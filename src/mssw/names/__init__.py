"""How names are written and found in text: spellings, short forms, labels, numbers. Pure rules and word lists."""
