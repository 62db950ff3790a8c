"""What learners see of their graded notebook."""

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution
from traitlets import List


class HideTests(ClearHiddenTests):
    """Keep hidden tests out of the feedback: their source, and the traceback that quotes it.

    Of a failed test there remain the frames in the learner's own cells and the last line,
    which is the diagnosis.
    """

    # Every exporter sets it, and nbgrader warns where it is not an option.
    display_data_priority: List = List().tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        """See the class."""
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            return cell, resources
        foreign = (f"Cell In[{cell.execution_count}]", "File ")
        for output in cell.outputs:
            if output.output_type == "error":
                output.traceback = [
                    part for part in output.traceback if not strip_ansi(part).startswith(foreign)
                ]
        return super().preprocess_cell(cell, resources, cell_index)
