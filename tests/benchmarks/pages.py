"""A cloud whose table of packages goes on for as long as is asked for, in pages made once.

Each page holds the same packages, so that what is measured is reading them and not making them up.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from benchmarks.cloud import Cloud
from benchmarks.deployment import NOW, NUMBER, SHIPPED, Deployed
from support.builders import a_confirmation, a_scan
from vtr.domain.evidence import evidence_of
from vtr.domain.packages import Confirmation, ParcelKey
from vtr.domain.parcels import Parcel
from vtr.use_cases.judge import judge

PACKAGES, PARCELS = "vtr-PackagesTable", "vtr-ParcelsTable"


class Pages(Cloud):
    """``left`` is how many pages of the packages are still to come."""

    def __init__(self, rows_a_page: int) -> None:
        super().__init__()
        self.rows_a_page = rows_a_page
        self.left = 0
        self._page = self._last = b""
        self._parcels: dict[str, bytes] = {}

    def begin(self, rows: int) -> None:
        self.left = rows // self.rows_a_page

    def answer(self, target: str, body: bytes) -> bytes:
        if self._last and target.endswith(".Query") and PACKAGES.encode() in body:
            self.left -= 1
            return self._page if self.left > 0 else self._last
        if self._parcels and target.endswith(".BatchGetItem"):
            keys = json.loads(body)["RequestItems"][PARCELS]["Keys"]
            found = b",".join(self._parcels[key["pk"]["S"]] for key in keys)
            return b'{"UnprocessedKeys":{},"Responses":{"%s":[%s]}}' % (PARCELS.encode(), found)
        return super().answer(target, body)

    def freeze(self) -> None:
        """Take what was written until now as the pages' content."""
        items = list(self.items.pop(PACKAGES).values())
        content: dict[str, Any] = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
        self._last = json.dumps(content).encode()
        content["LastEvaluatedKey"] = {name: items[-1][name] for name in ("pk", "sk")}
        self._page = json.dumps(content).encode()
        parcels = self.items.pop(PARCELS)
        self._parcels = {pk: json.dumps(item).encode() for (pk, _), item in parcels.items()}

    @property
    def parcel_keys(self) -> list[str]:
        return list(self._parcels)


def deployed(rows_a_page: int) -> tuple[Deployed, Pages]:
    """An account with as many scanned packages on one day as fit a page, page after page."""
    pages = Pages(rows_a_page)
    world = Deployed(pages)
    for claim in _claims(rows_a_page):
        scan = a_scan(at=NOW - timedelta(hours=3), number=claim.tracking_number)
        parcel = Parcel(
            key=ParcelKey(claim.tracking_number),
            evidence=evidence_of(scan),
            claims={claim.key: claim},
        )
        parcel = world.ports.parcels.save(parcel)
        world.ports.packages.put(judge(world.ports, claim, parcel))
    pages.freeze()
    return world, pages


def _claims(count: int) -> Iterator[Confirmation]:
    for n in range(count):
        number = f"{NUMBER[:8]}{n:010}"
        yield a_confirmation(
            order_id=f"114-{n:07}",
            number=number,
            placed_at=NOW - timedelta(days=2),
            ship_date=SHIPPED,
            confirmed_at=NOW - timedelta(days=1),
            category="electronics",
        )
