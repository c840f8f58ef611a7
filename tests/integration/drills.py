"""A game day: each alarm is raised by what it is for, and the page that leads back is named.

What functions count is counted by running them, and read out of their log as CloudWatch does. What
AWS counts is written as AWS documents it. ``make gameday`` prints the day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from integration.deployment import Deployment, deployment
from integration.ended import count_on
from integration.log_volume import captured
from integration.requests import SHIPPED, a_package, an_order
from support.alarms import Alarm, alarms
from support.aws import STACK
from support.events import sqs_event
from vtr.domain.packages import BucketKey
from vtr.domain.retention import months_after
from vtr.messages import RecountMessage, ReportMessage, write_message
from vtr_demo.labels import ups
from vtr_local.alarms import Datum, embedded_metrics
from write_report.handler import ATTEMPTS

PACKAGE = "/v1/orders/114-1/packages/1"
LAMBDA, SQS, DYNAMODB, EVENTS = "AWS/Lambda", "AWS/SQS", "AWS/DynamoDB", "AWS/Events"
FUNCTION, QUEUE, TABLE = "FunctionName", "QueueName", "TableName"

NOW = 1_800_000_030.0
"""When everything happens, whatever the clock says: no period ends in between."""

Play = Callable[[Deployment], Iterator[Datum]]


@dataclass(frozen=True, slots=True)
class Drill:
    """What goes wrong, the metrics that it leaves, and those of a good run afterwards."""

    story: str
    wrong: Play
    right: Play


def raised_then_quiet(alarm: Alarm, drill: Drill) -> tuple[bool, bool]:
    """Whether the alarm is raised by what went wrong, and whether by what is right again."""
    with deployment() as vtr:
        wrong = list(drill.wrong(vtr))
    with deployment() as vtr:
        right = list(drill.right(vtr))
    return alarm.is_raised(wrong, NOW), alarm.is_raised(right, NOW)


def _nothing(_: Deployment) -> Iterator[Datum]:
    yield from ()


def _ran(do: Callable[[Deployment], object]) -> Play:
    """The metrics in the log of what a deployment does."""

    def play(vtr: Deployment) -> Iterator[Datum]:
        with captured() as text:
            do(vtr)
        for found in embedded_metrics(text.getvalue()):
            yield replace(found, time=NOW)

    return play


def _counted(
    namespace: str, name: str, dimension: str, value: str, *counts: float, period: int = 300
) -> Play:
    """What AWS counts in the last periods, the latest first."""

    def play(_: Deployment) -> Iterator[Datum]:
        for back, count in enumerate(counts):
            moment = NOW - back * period
            yield Datum(namespace, name, {dimension: value}, moment, "Count", [count])

    return play


def _both(*plays: Play) -> Play:
    def play(vtr: Deployment) -> Iterator[Datum]:
        for each in plays:
            yield from each(vtr)

    return play


def _failing_requests(vtr: Deployment) -> None:
    key = vtr.key()
    vtr.aws.drop_tables()
    for _ in range(6):
        assert vtr.call("GET", "/v1/rates", key=key).status == 500


def _report(vtr: Deployment, *, receives: int) -> None:
    report = vtr.call("POST", "/v1/reports").json["report_id"]
    vtr.aws.take("ReportsQueue")
    message = write_message(ReportMessage("acme", report))
    vtr.invoke("write_report", sqs_event(message, receive_count=receives))


def _deliver(vtr: Deployment, body: bytes) -> None:
    assert vtr.deliver(body).status == 200
    vtr.work_off("ScansQueue")


def _silent_packages(vtr: Deployment, *, number: int) -> None:
    for n in range(number):
        package = a_package(number=ups(n).number)
        vtr.call("PUT", f"/v1/orders/114-{n}/packages/1", package)
    vtr.invoke("watch_silence", {})


def _archive(vtr: Deployment, *, packages: bool) -> None:
    ended = months_after(SHIPPED, -13)
    if packages:
        vtr.call("PUT", PACKAGE, a_package(order=an_order()))
        count_on(vtr, ended)
    message = RecountMessage("acme", ended, 0, archive=True)
    if not packages:
        vtr.key()  # opens the account
    vtr.invoke("recompute_rates", sqs_event(write_message(message), groups=["acme"]))


def _reconcile(vtr: Deployment, *, drifted: bool) -> None:
    vtr.call("PUT", PACKAGE, a_package())
    ports = vtr.aws.ports()
    if drifted:
        claim = ports.packages.page(BucketKey("acme", SHIPPED)).rows[0].confirmation
        assert claim.parcel is not None
        parcel = ports.parcels.get(claim.parcel, consistent=True)
        ports.parcels.save(replace(parcel, claims={}))
    message = write_message(RecountMessage("acme", SHIPPED, 0, reconcile=True))
    vtr.invoke("recompute_rates", sqs_event(message, groups=["acme"]))


def _gateway(failed: float) -> Play:
    return _both(
        _counted("AWS/ApiGateway", "5xx", "ApiId", "Api", failed),
        _counted("AWS/ApiGateway", "Count", "ApiId", "Api", 100),
    )


def _age(story: str, queue: str, seconds: int, *, period: int = 60) -> Drill:
    name = "ApproximateAgeOfOldestMessage"
    return Drill(
        story,
        _counted(SQS, name, QUEUE, queue, *[seconds + 1] * 3, period=period),
        _counted(SQS, name, QUEUE, queue, 1, seconds + 1, seconds + 1, period=period),
    )


def _dead_letters(queue: str) -> Drill:
    name = "ApproximateNumberOfMessagesVisible"
    return Drill(
        "a message fails each time that it is received",
        _counted(SQS, name, QUEUE, queue, 1, period=60),
        _counted(SQS, name, QUEUE, queue, 0, period=60),
    )


def _lasting(story: str, metric: str, function: str) -> Drill:
    return Drill(
        story,
        _counted(LAMBDA, metric, FUNCTION, function, 3, 0, 2),
        _counted(LAMBDA, metric, FUNCTION, function, 0, 0, 2),
    )


def _slow(function: str, milliseconds: float) -> Drill:
    return Drill(
        "runs take nearly as long as they may",
        _counted(LAMBDA, "Duration", FUNCTION, function, milliseconds, milliseconds),
        _counted(LAMBDA, "Duration", FUNCTION, function, 300, milliseconds),
    )


def _used(share: float) -> Play:
    """The account's concurrency, which no dimension of a stack is in."""

    def play(_: Deployment) -> Iterator[Datum]:
        dimensions = {"Service": "Lambda", "Type": "Resource", "Class": "None"}
        dimensions["Resource"] = "ConcurrentExecutions"
        for back in range(3):
            moment = NOW - 60 * back
            yield Datum("AWS/Usage", "ResourceCount", dimensions, moment, "Count", [share])

    return play


DRILLS: dict[str, Drill] = {
    "ApiFailing": Drill("no function of the API starts", _gateway(100), _gateway(4)),
    "ApiErrors": _lasting("a library is missing", "Errors", "IngestScansFunction"),
    "RolloutFailing": Drill(
        "new code cannot be loaded by a tenth of the requests",
        _counted(LAMBDA, "Errors", FUNCTION, "SubmitTrackingFunction", 3, period=60),
        _counted(LAMBDA, "Errors", FUNCTION, "SubmitTrackingFunction", 1, 9, period=60),
    ),
    "ApiThrottled": Drill(
        "no concurrency is left for the API",
        _counted(LAMBDA, "Throttles", FUNCTION, "SubmitTrackingFunction", 1),
        _counted(LAMBDA, "Throttles", FUNCTION, "SubmitTrackingFunction", 0, 9),
    ),
    "ApiSlow": _slow("IngestScansFunction", 26_000),
    "WorkerErrors": _lasting("memory runs out", "Errors", "WatchSilenceFunction"),
    "WorkersThrottled": _lasting("no concurrency is left", "Throttles", "RecordScansFunction"),
    "WorkersSlow": _slow("RecomputeRatesFunction", 100_000),
    "Concurrency": Drill("the account is nearly used up", _used(900), _used(20)),
    "RecursionStopped": Drill(
        "a worker sends to the queue that called it, again and again",
        _counted(LAMBDA, "RecursiveInvocationsDropped", FUNCTION, "RecomputeRatesFunction", 1),
        _nothing,
    ),
    "ScheduledRunsLost": Drill(
        "a tick fails three times",
        _counted(LAMBDA, "AsyncEventsDropped", FUNCTION, "ScheduleRecomputeFunction", 1),
        _counted(EVENTS, "FailedInvocations", "RuleName", "ScheduleRecomputeFunctionTurn", 0),
    ),
    "ReadsThrottled": Drill(
        "a partition is too hot",
        _counted(DYNAMODB, "ReadThrottleEvents", TABLE, "PackagesTable", 50, 50, 50),
        _counted(DYNAMODB, "ReadThrottleEvents", TABLE, "PackagesTable", 0, 50, 50),
    ),
    "WritesThrottled": Drill(
        "a table is at its maximum",
        _counted(DYNAMODB, "WriteThrottleEvents", TABLE, "ParcelsTable", 50, 50, 50),
        _counted(DYNAMODB, "WriteThrottleEvents", TABLE, "ParcelsTable", 50, 50),
    ),
    "ScansAge": _age("nobody records scans", "ScansQueue", 60),
    "RecountsAge": _age("nobody recounts", "RecountsQueue", 120),
    "ReportsAge": _age("nobody writes reports", "ReportsQueue", 1_800, period=300),
    "ScansDeadLetters": _dead_letters("ScansDeadLetters"),
    "RecountsDeadLetters": _dead_letters("RecountsDeadLetters"),
    "ReportsDeadLetters": _dead_letters("ReportsDeadLetters"),
    "AmazonDeadLetters": _dead_letters("DeadLetters"),
    "RequestsFailed": Drill(
        "the tables are gone", _ran(_failing_requests), _ran(lambda vtr: vtr.call("GET", PACKAGE))
    ),
    "ReportsFailed": Drill(
        "a report fails at every attempt",
        _ran(lambda vtr: _report(vtr, receives=ATTEMPTS + 1)),
        _ran(lambda vtr: _report(vtr, receives=1)),
    ),
    "DeliveriesQuarantined": Drill(
        "a source sends what its decoder cannot read",
        _ran(lambda vtr: _deliver(vtr, b"<scans/>")),
        _ran(lambda vtr: _deliver(vtr, b'{"type": "scan.recorded", "data": {"scans": []}}')),
    ),
    "CarrierSilent": Drill(
        "a carrier scans nothing any more",
        _ran(lambda vtr: _silent_packages(vtr, number=25)),
        _ran(lambda vtr: _silent_packages(vtr, number=0)),
    ),
    "DriftRepaired": Drill(
        "a parcel has lost its claims",
        _ran(lambda vtr: _reconcile(vtr, drifted=True)),
        _ran(lambda vtr: _reconcile(vtr, drifted=False)),
    ),
    "DaysArchivedLate": Drill(
        "a day that ended six nights ago is in no file",
        _ran(lambda vtr: _archive(vtr, packages=True)),
        _ran(lambda vtr: _archive(vtr, packages=False)),
    ),
    "TurnsMissing": Drill(
        "the schedule is off",
        _nothing,
        _ran(lambda vtr: vtr.invoke("schedule_recompute", {})),
    ),
    "WatchMissing": Drill(
        "the watch is off", _nothing, _ran(lambda vtr: vtr.invoke("watch_silence", {}))
    ),
}
"""A drill for every alarm."""


def rows() -> Iterator[str]:
    """Yield the day's lines: each alarm, what raises it, whether it was, and what leads back."""
    for name, drill in DRILLS.items():
        alarm = alarms()[name]
        raised, still = raised_then_quiet(alarm, drill)
        page, anchor = alarm.runbook
        state = "raised, and over" if raised and not still else "NOT AS IT SHOULD BE"
        yield f"{name:22} {state:20} {page}{'#' if anchor else ''}{anchor}: {drill.story}"


if __name__ == "__main__":
    print(f"{STACK}: {len(DRILLS)} alarms")  # noqa: T201 - a command
    for row in rows():
        print(row)  # noqa: T201 - a command
