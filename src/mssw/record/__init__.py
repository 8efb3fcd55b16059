"""What a team found in student work: claims with evidence, patterns, learning gaps, next steps, reflection.

``record_rows`` holds the values, ``kept_record`` the files, ``record_book`` the workbook,
``record_print`` the printed record, ``student_slips`` the slips that go back to students.
"""
