"""Send quarantined bodies through the queue again, once their source's decoder reads them.

A body leaves the quarantine only after it was sent: one that is cut off may be repeated, and what
was recorded counts once. If the deployed decoder still cannot read it, it is quarantined again.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from vtr.domain.deliveries import AcceptedDelivery
from vtr.ports import Ports
from vtr.ports.deliveries import QuarantinedBody


def send_back_quarantined(ports: Ports, bodies: Sequence[QuarantinedBody]) -> None:
    """Send *bodies* again, as the archive has them with their account and proof, and remove them.

    One that the archive does not have yet, or no longer, is sent as it lies in the quarantine.
    """
    received: dict[tuple[date, str], list[QuarantinedBody]] = defaultdict(list)
    for body in bodies:
        received[body.day, body.source].append(body)
    for (day, source), group in received.items():
        ids = {body.delivery_id for body in group}
        archived = {
            each.delivery_id: each
            for each in ports.archive.read(day, source)
            if each.delivery_id in ids
        }
        for body in group:
            known = archived.get(body.delivery_id)
            ports.deliveries.send(known or _delivery(ports, body), archived=known is not None)
            ports.quarantine.remove(body)


def _delivery(ports: Ports, body: QuarantinedBody) -> AcceptedDelivery:
    return AcceptedDelivery(
        source=body.source,
        body=ports.quarantine.content(body),
        delivery_id=body.delivery_id,
        received_at=body.since,
    )
