"""Tracking numbers: whose they are, and what is wrong with them."""

from vtr.domain.tracking_numbers.canonical import canonical_number
from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.handovers import shows_handover
from vtr.domain.tracking_numbers.identify import FormCheck, Identification, identify
from vtr.domain.tracking_numbers.normalise import TOLERATED, Damage, is_readable, normalise

__all__ = [
    "TOLERATED",
    "Candidate",
    "Damage",
    "FormCheck",
    "Identification",
    "canonical_number",
    "identify",
    "is_readable",
    "normalise",
    "shows_handover",
]
