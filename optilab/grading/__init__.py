"""The instructor's side: exercises from solutions, grades from submissions.

nbgrader does the work.  `intake`, `feedback` and `export` are what ``nbgrader_config.py`` plugs
into it; `batch` grades a whole class, come what may; `release` makes the exercises.
"""
