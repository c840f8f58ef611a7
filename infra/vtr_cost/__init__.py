"""Costs and limits of the system, from measured units and public prices."""

from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")
"""The units that operations were billed, and the items they store; from ``make capacity``."""
