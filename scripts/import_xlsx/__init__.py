"""From Excel to the tables: the workbooks that the site publishes, and the template of a year.

``python -m scripts.import_xlsx FILE [PACKAGE]`` writes the rows of a workbook into the CSV files;
``python -m scripts.import_xlsx --template YEAR FILE [PACKAGE]`` makes the workbook to fill in.
"""
