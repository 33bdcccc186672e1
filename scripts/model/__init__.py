"""The records of the data package, one frozen dataclass per table, and the words for years.

A record mirrors one row of its table: a field of the class is a column of the file, blank cells are
``None`` (or ``""`` for text), numbers keep the printed digits as :class:`~decimal.Decimal`.
``row`` is the line of the file the record came from, so that every later message can point at it.
"""

from __future__ import annotations

from scripts.model.area import check_digit, code_fault
from scripts.model.package import (
    REQUIRED_TABLES,
    TABLES,
    Package,
    Site,
    contact_address,
    site_of,
    web_address,
)
from scripts.model.plan import (
    Achievement,
    ControlTotal,
    Department,
    Dialogue,
    MeasureRelation,
    PlanFact,
    Project,
    Proposal,
    RevisionElement,
    Unit,
)
from scripts.model.records import (
    Evaluation,
    Goal,
    Kpi,
    KpiRelation,
    KpiTopic,
    Measure,
    Observation,
    Problem,
    Rating,
    Record,
    Source,
    StatusBand,
    Strategy,
    Target,
    Term,
    Topic,
)
from scripts.model.terms import Terms, terms_of

__all__ = [
    "REQUIRED_TABLES",
    "TABLES",
    "Achievement",
    "ControlTotal",
    "Department",
    "Dialogue",
    "Evaluation",
    "Goal",
    "Kpi",
    "KpiRelation",
    "KpiTopic",
    "Measure",
    "MeasureRelation",
    "Observation",
    "Package",
    "PlanFact",
    "Problem",
    "Project",
    "Proposal",
    "Rating",
    "Record",
    "RevisionElement",
    "Site",
    "Source",
    "StatusBand",
    "Strategy",
    "Target",
    "Term",
    "Terms",
    "Topic",
    "Unit",
    "check_digit",
    "code_fault",
    "contact_address",
    "site_of",
    "terms_of",
    "web_address",
]
