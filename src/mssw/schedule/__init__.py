"""Who presents in which session, and when: a workbook that people edit, a print, and a calendar file."""
