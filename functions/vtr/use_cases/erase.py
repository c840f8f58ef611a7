"""Erase by an operator's command: what every such command needs, and the receipt that it leaves.

No function erases. Each command may be run again at any time, and then does what a run that was cut
off did not: it deletes last what it finds the rest by.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vtr.domain.deliveries import AcceptedDelivery
from vtr.domain.erasures import Days, Erasure, Subject, digest_of, remainders
from vtr.domain.errors import UploadGoneError
from vtr.domain.mentions import Mentions
from vtr.domain.packages import parcel_of
from vtr.domain.reports import Report, ReportStatus
from vtr.domain.scans import Scan
from vtr.domain.tracking_numbers import canonical_number
from vtr.ports import Ports
from vtr.ports.deliveries import ErasedBodies

SETTLED = timedelta(days=1)
"""A body in transit that is older has been recorded, or waits among the dead letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An operator's command to erase: *by* whom, and how it is carried out.

    ``wait`` returns once ``WRITERS_END`` has passed. ``decode`` returns the scans of a body, none
    if it cannot be read. ``shared``: bodies about a number go even if another account claims it.
    """

    by: str
    clock: Callable[[], datetime]
    wait: Callable[[], None]
    decode: Callable[[AcceptedDelivery], Iterable[Scan]]
    shared: bool = False


def find_receipt(ports: Ports, subject: Subject, *names: str) -> Erasure | None:
    """Return the receipt of an erasure of this subject that is unfinished."""
    digest = digest_of(subject, *names)
    found = (each for each in ports.erasures.of(subject) if each.digest == digest)
    return next((each for each in found if each.ended_at is None), None)


def begin(ports: Ports, command: Command, subject: Subject, *names: str) -> Erasure:
    """Record that an erasure begins; one that was cut off goes on with the receipt that it had."""
    if unfinished := find_receipt(ports, subject, *names):
        return unfinished
    receipt = Erasure(
        subject=subject,
        digest=digest_of(subject, *names),
        account="" if subject is Subject.NUMBER else names[0],
        by=command.by,
        began_at=command.clock(),
    )
    ports.erasures.save(receipt)
    return receipt


def note(ports: Ports, receipt: Erasure, **erased: int) -> Erasure:
    """Record what was erased so far; of a run that is repeated, the most that one run found."""
    most = {each: max(n, receipt.erased.get(each, 0)) for each, n in erased.items()}
    noted = replace(receipt, erased={**receipt.erased, **most})
    ports.erasures.save(noted)
    return noted


def end(ports: Ports, receipt: Erasure, now: datetime) -> Erasure:
    """Record that an erasure is done, and what stays."""
    stays = remainders(receipt.subject, receipt.began_at, now)
    ended = replace(receipt, ended_at=now, stays=stays)
    ports.erasures.save(ended)
    return ended


def erase_bodies(
    ports: Ports,
    command: Command,
    numbers: Iterable[str],
    days: Days,
    *,
    account: str = "",
    dry_run: bool = False,
) -> ErasedBodies:
    """Erase the bodies of these days that mention one of the *numbers*, and those of an *account*.

    What the bodies proved stays in the parcels. A body about other numbers as well goes as a whole:
    these can then not be replayed from it.
    """
    numbers = list(numbers)
    if not (numbers or account):
        return ErasedBodies()
    mentions = Mentions(numbers)

    def is_meant(delivery: AcceptedDelivery) -> bool:
        if account and delivery.account == account:
            return True
        return _mentions(mentions, delivery, command)

    settled = command.clock() - SETTLED
    total = ErasedBodies()
    for day in (days.first + timedelta(days=n) for n in range((days.last - days.first).days + 1)):
        erased = ports.stored_bodies.erase(day, is_meant, settled=settled, dry_run=dry_run)
        total = total.plus(erased)
    return total


def _mentions(mentions: Mentions, delivery: AcceptedDelivery, command: Command) -> bool:
    """Whether a body has a number in its text, or one of its scans means such a parcel."""
    if mentions.are_in(delivery.body.decode("utf-8", "replace")):
        return True
    return any(mentions.holds(number) for number in _scanned(command.decode(delivery)))


def _scanned(scans: Iterable[Scan]) -> Iterable[str]:
    for scan in scans:
        if parcel := parcel_of(scan.carrier, scan.tracking_number):
            yield parcel.number
        for number in scan.other_numbers:
            yield canonical_number(number, scan.carrier)


def erase_reports(ports: Ports, reports: Iterable[Report], *, with_jobs: bool = False) -> int:
    """Delete the documents of reports; return how many reports had one, or a part of one.

    Their jobs say so from then on; *with_jobs* deletes these too. A run that is at work on one
    finds its upload gone and begins anew, from what is left.
    """
    erased = 0
    for report in reports:
        begun = report.checkpoint is not None
        if report.checkpoint is not None:
            with suppress(UploadGoneError):
                ports.report_files.abort(report.document_key, report.checkpoint.upload_id)
        had_document = ports.report_files.delete(report.document_key)
        erased += begun or had_document
        if with_jobs:
            ports.reports.delete(report)
        elif begun or report.status is ReportStatus.DONE:
            ports.reports.save(replace(report, status=ReportStatus.ERASED, checkpoint=None))
    return erased
