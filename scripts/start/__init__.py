"""A new municipality: a folder with its own small data and everything that makes its site.

``python -m scripts.start DIR`` asks for what is not given as an option. :mod:`answers` checks what
was said, :mod:`example` writes rows that are plainly examples, :mod:`program` takes over the
program, its settings and the pages that every municipality shares.
"""
