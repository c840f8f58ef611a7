"""Tracking numbers: whose they are, and what is wrong with them."""

from vtr.domain.tracking_numbers.formats import Candidate
from vtr.domain.tracking_numbers.identify import FormCheck, Identification, identify
from vtr.domain.tracking_numbers.normalise import TOLERATED, Damage, is_readable, normalise

__all__ = [
    "TOLERATED",
    "Candidate",
    "Damage",
    "FormCheck",
    "Identification",
    "identify",
    "is_readable",
    "normalise",
]
