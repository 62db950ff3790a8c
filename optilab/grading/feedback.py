"""What learners see of their graded notebook."""

import bleach
from nbconvert.filters import strip_ansi, strip_files_prefix
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import List

from optilab.grading.judge import is_test

# What Markdown makes, and no more.
TAGS = "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr img li ol p pre span strong sub sup"
TAGS += " table tbody td th thead tr ul"
ATTRIBUTES = {"*": ["class", "id"], "a": ["href", "title"], "img": ["alt", "src", "title"]}


def sanitized(html):
    """Return a page's Markdown without scripts: nbgrader's templates pass it on as it is."""
    return strip_files_prefix(bleach.clean(html, TAGS.split(), ATTRIBUTES, strip=True))


class HideTests(ClearHiddenTests):
    """Keep hidden tests out of the feedback: their source, and the traceback that quotes it.

    Of a failed test there remain the frames in the learner's own cells and the last line,
    which is the diagnosis.
    """

    # Every exporter sets it, and nbgrader warns where it is not an option.
    display_data_priority: List = List().tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        """See the class."""
        if not is_test(cell):
            return cell, resources
        foreign = (f"Cell In[{cell.execution_count}]", "File ")
        for output in cell.outputs:
            if output.output_type == "error":
                output.traceback = [
                    part for part in output.traceback if not strip_ansi(part).startswith(foreign)
                ]
        return super().preprocess_cell(cell, resources, cell_index)
