"""Decode a delivery's body; one that cannot be read is quarantined, not retried."""

from collections.abc import Sequence

from aws_lambda_powertools.metrics import MetricUnit

from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.scans import Scan
from vtr.observability import logger, metrics
from vtr.sources import source
from vtr.sources.shared.base import Decoded, Source, UndecodableError, WebhookRequest
from vtr.use_cases.record_delivery import Slice
from vtr.use_cases.record_scans import outlived

LISTED = 20
"""How many codes and reasons are logged per delivery; the metrics count all of them."""


def decoded_or_quarantined(delivery: AcceptedDelivery, slice_: Slice) -> Sequence[Scan]:
    """Return a body's scans; none, and an alarm, if its source cannot have sent such a body."""
    sender = source(delivery.source)
    try:
        decoded = sender.decode(delivery.body)
    except UndecodableError as error:
        services().archive.quarantine(delivery)
        metrics.add_metric(name="DeliveryQuarantined", unit=MetricUnit.Count, value=1)
        logger.error("quarantined", delivery=delivery.delivery_id, reason=error.detail)
        return ()
    if slice_.is_whole:
        _activate(sender, delivery)
        _report(delivery, decoded)
    return decoded.scans


def _activate(sender: Source, delivery: AcceptedDelivery) -> None:
    """Make the call that activates a subscription: here it delays no response, and is retried."""
    if activation := sender.activation(WebhookRequest(body=delivery.body)):
        services().activations.call(activation.url, activation.headers)
        logger.info("activated", source=sender.name, url=activation.url)


def _report(delivery: AcceptedDelivery, decoded: Decoded) -> None:
    skipped, unknown = decoded.skipped, decoded.unknown_codes
    names = decoded.unknown_carriers
    # Most bodies are understood; a metric without a value has no line in the log.
    if skipped:
        metrics.add_metric(name="EventSkipped", unit=MetricUnit.Count, value=len(skipped))
    if unknown:
        metrics.add_metric(name="CodeUnknown", unit=MetricUnit.Count, value=len(unknown))
    if late := outlived(decoded.scans, now()):
        metrics.add_metric(name="ScanOutlived", unit=MetricUnit.Count, value=late)
    if names:
        metrics.add_metric(name="CarrierUnknown", unit=MetricUnit.Count, value=len(names))
        codes = [name.partition(":")[2] for name in names]
        services().unknown_carriers.note(delivery.received_at.date(), delivery.source, codes)
    if skipped or unknown or names:
        logger.warning(
            "not all understood",
            delivery=delivery.delivery_id,
            skipped=skipped[:LISTED],
            unknown_codes=sorted(set(unknown))[:LISTED],
            unknown_carriers=sorted(names)[:LISTED],
        )
