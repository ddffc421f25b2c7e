"""How Sphinx builds the documentation: `make docs`."""

from importlib.metadata import version as installed

project = "Clockstop"
author = "The Clockstop developers"
copyright = "2026, The Clockstop developers"
release = version = installed("clockstop")
language = "en_GB"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Clockstop"
html_copy_source = False
html_show_sourcelink = False

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120  # seconds for a cell

myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = True
