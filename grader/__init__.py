"""Homework: what students get, and what their answers are worth.

python -m grader release          the students' notebooks from the teacher's
python -m grader grade FOLDER     a folder of returned notebooks

The teacher's notebooks, with solutions and hidden tests, are nbgrader source
notebooks in the homework folder, source/NAME/NAME.ipynb. From there a returned file goes
through intake (whose is it?), repair (our tests, the student's answers),
execution (one kernel in a sandbox for each) and the table of grades.
"""

import sys

# jsonschema, and with it nbformat, builds a grammar of addresses as soon as it finds this library:
# half of the time that a start takes, for a format that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # "not there"
