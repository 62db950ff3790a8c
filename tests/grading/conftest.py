"""A course for every test that asks for one."""

import pytest
from course import small_course


@pytest.fixture
def course(tmp_path):
    """Make a course with one small assignment and no submissions."""
    return small_course(tmp_path)
