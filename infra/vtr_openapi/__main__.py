"""``python -m vtr_openapi``: write the description and the page that the API serves."""

import json
from pathlib import Path

import describe_api
from vtr_openapi.description import describe
from vtr_openapi.page import page

FOLDER = Path(describe_api.__file__).parent


def documents() -> dict[str, str]:
    """Return each file by its name."""
    description = describe()
    return {
        "openapi.json": json.dumps(description, ensure_ascii=False, indent=1) + "\n",
        "docs.html": page(description),
    }


def main() -> None:
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
