"""What the public will see change: the working data against a revision of the repository.

``revision`` is the only user of git, ``compare`` is pure, ``pages`` says which pages differ and
``report`` makes text of it.
"""
