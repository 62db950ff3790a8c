"""Settings that every test shares."""

from hypothesis import settings

# The same examples in every run, and no clock: a busy machine fails no test.
settings.register_profile("course", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("course")
