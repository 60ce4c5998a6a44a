"""Homework: what students get, and what their answers are worth.

python -m grader release          the students' notebooks from the teacher's
python -m grader grade FOLDER     a folder of returned notebooks

The teacher's notebooks, with solutions and hidden tests, are nbgrader source
notebooks in the homework folder, source/NAME/NAME.ipynb. From there a returned file goes
through intake (whose is it?), repair (our tests, the student's answers),
execution (one kernel in a sandbox for each) and the table of grades.
"""
