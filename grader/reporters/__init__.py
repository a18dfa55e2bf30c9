"""Records made readable: a page a student in HTML and Markdown, a page for the class, the terminal.

Reporters decide nothing and invent no sentences about a submission: verdicts and texts come from the record.
"""
