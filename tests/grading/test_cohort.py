"""A class of every kind of submission is graded to the end, and each gets what it should."""

import cohort
from cohort import COHORT
from course import Course
from nbgrader.utils import is_grade, is_solution


def test_everyone_gets_what_the_table_says(tmp_path):
    cohort.write(tmp_path)
    course = Course(tmp_path, cohort.ASSIGNMENT)
    done = course.grade()
    assert done.status == 1  # for some cannot be graded
    assert course.results() == {name: sample.expected for name, sample in COHORT.items()}

    hidden = hidden_lines()
    for student, sample in COHORT.items():
        row = course.rows()[student]
        if row["score"]:
            text = course.feedback_text(student)
            assert sample.says in text, student
            assert not [line for line in hidden if line in text], student
        else:
            assert sample.says in row["reason"]
            assert f"  {student}: {sample.status}: {row['reason']}\n" in done.output
            assert not course.feedback(student).exists()
    assert not course.folder("with-link", "feedback").with_name("data.npz").exists()


def hidden_lines():
    """Return the lines of the tests that learners do not get."""
    given = {line for cell in cohort.release().cells for line in cell.source.splitlines()}
    tests = [cell for cell in cohort.source().cells if is_grade(cell) and not is_solution(cell)]
    lines = {line for cell in tests for line in cell.source.splitlines() if line.strip()} - given
    assert lines
    return lines
