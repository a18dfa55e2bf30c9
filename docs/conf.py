"""The documentation as a site: `pip install '.[docs]' && sphinx-build -W docs site`."""

import grader

project = "grader"
author = "the authors of grader"
version = release = grader.__version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"grader {version}"
root_doc = "index"
exclude_patterns = ["examples"]
myst_heading_anchors = 3
