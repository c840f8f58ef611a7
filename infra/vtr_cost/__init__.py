"""What the system costs and where it meets a limit, by measured units and public prices."""

from pathlib import Path

MEASURED = Path(__file__).with_name("measured.json")
"""What operations were billed and what they leave behind; `make capacity` measures it anew."""
