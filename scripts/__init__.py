"""Turns the curated tables of ``data/`` into the pages, charts and files of the site."""
