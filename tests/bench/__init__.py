"""``python -m tests.bench``: what the project costs, as ratios measured side by side.

Not part of the test suite: it takes minutes to an hour. ``nox -s bench`` runs it,
``docs/contributing/performance.md`` holds its table. It lives here and not in ``scripts/`` because
it looks at the site through the browser of the tests, and nothing that is published needs it.
"""
