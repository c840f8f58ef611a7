"""The clients' line to AWS, on which calls go wrong as they do on the real one.

Every client of botocore, PynamoDB's too, hands its requests to moto in one place, and this stands
there: behind the clients' own retries, before the emulator. So a client whose call gets no answer
sends the same again by itself, and a conditional write meets its own effect. Requests are carried
out one at a time, as DynamoDB does those about one item; threads take turns between any two.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from threading import Lock, current_thread, local
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.models import botocore_stubber

LONGEST_WAY_SECONDS = 0.001
SHORT_PAGE = 2


class Fault(StrEnum):
    """What goes wrong with a request."""

    THROTTLED = "throttled"
    """Refused: too much was asked for."""
    FAILED = "failed"
    """Refused: an error of the service's own."""
    LOST = "lost"
    """Carried out, and the answer does not come."""
    CUT_OFF = "cut off"
    """Carried out or not, and neither this nor any later attempt at the call is answered."""
    PARTIAL = "partial"
    """A batch of which a part is done, and the answer says so."""
    SHORT = "short"
    """A page of a list that ends long before it is full, with more to follow."""
    CROSSED = "crossed"
    """Another writer comes between what was read and this write."""


Answer = tuple[int, Mapping[str, str], str | bytes]


class Request(NamedTuple):
    """An operation on a table or a queue; all attempts at one call carry its id."""

    operation: str
    about: str
    call: str
    body: dict[str, Any]


class Planned(NamedTuple):
    operation: str
    about: str
    happens: Fault | Callable[[], object]


@dataclass
class FaultyLine:
    """``rates``: how often a request meets each fault. ``cross`` does what another writer would.

    The faults of a thread's requests follow from the seed and the thread's name.
    """

    seed: int = 0
    rates: Mapping[Fault, float] = field(default_factory=dict)
    cross: Callable[[], object] = lambda: None
    happened: Counter[Fault] = field(default_factory=Counter)
    _planned: list[Planned] = field(default_factory=list)
    _emulator: Lock = field(default_factory=Lock)
    _thread: local = field(default_factory=local)

    def plan(self, operation: str, about: str, happens: Fault | Callable[[], object]) -> None:
        """Plan a fault for the next such request, or an action before it; once, in turn."""
        self._planned.append(Planned(operation, about, happens))

    def plan_nothing(self) -> None:
        self._planned.clear()

    @property
    def is_as_planned(self) -> bool:
        return not self._planned

    def carry(self, prepared: AWSPreparedRequest) -> Answer | None:
        """Bring a request to the emulator, and its answer back."""
        request = _request(prepared)
        if request is None:
            return self._carried_out(prepared)
        time.sleep(self._random.random() * self._random.random() * LONGEST_WAY_SECONDS)
        if getattr(self._thread, "cut_off", "") == request.call:
            raise ConnectionClosedError(endpoint_url=prepared.url)
        match self._what_happens(request):
            case None:
                return self._carried_out(prepared)
            case Fault() as fault:
                self.happened[fault] += 1
                return self._go_wrong(fault, request, prepared)
            case act:
                act()
                return self._carried_out(prepared)

    def _what_happens(self, request: Request) -> Fault | Callable[[], object] | None:
        for planned in self._planned:
            if (planned.operation, planned.about) == (request.operation, request.about):
                self._planned.remove(planned)
                return planned.happens
        chance = self._random.random()
        for fault, rate in self.rates.items():
            chance -= rate
            if chance < 0:
                return fault if self._can_befall(fault, request) else None
        return None

    def _can_befall(self, fault: Fault, request: Request) -> bool:
        if fault is Fault.SHORT:
            return request.operation in {"Query", "ListObjectsV2"}
        if fault is Fault.CROSSED:
            return request.operation == "PutItem" and not getattr(self._thread, "crossing", False)
        return fault is not Fault.PARTIAL or _can_be_partial(request)

    def _go_wrong(
        self, fault: Fault, request: Request, prepared: AWSPreparedRequest
    ) -> Answer | None:
        match fault:
            case Fault.THROTTLED | Fault.FAILED:
                return _refusal(fault, request)
            case Fault.LOST:
                self._carried_out(prepared)
                raise ReadTimeoutError(endpoint_url=prepared.url)
            case Fault.CUT_OFF:
                self._thread.cut_off = request.call
                if self._random.random() < 1 / 2:
                    self._carried_out(prepared)
                raise ConnectionClosedError(endpoint_url=prepared.url)
            case Fault.PARTIAL:
                return self._done_in_part(request, prepared)
            case Fault.SHORT:
                return self._carried_out(_cut_short(request, prepared))
            case Fault.CROSSED:
                self._let_another_write()
                return self._carried_out(prepared)

    def _let_another_write(self) -> None:
        """Another writer is crossed by none: there would be no end to it."""
        self._thread.crossing = True
        try:
            self.cross()
        finally:
            self._thread.crossing = False

    def _done_in_part(self, request: Request, prepared: AWSPreparedRequest) -> Answer | None:
        if request.operation == "BatchGetItem":
            return self._get_some(request, prepared)
        return self._send_some(request, prepared)

    def _get_some(self, request: Request, prepared: AWSPreparedRequest) -> Answer | None:
        ((table, asked),) = request.body["RequestItems"].items()
        done, left = self._parted(asked["Keys"], at_least=1)
        some = {table: {**asked, "Keys": done}}
        unprocessed = {table: {**asked, "Keys": left}}
        prepared.body = json.dumps({**request.body, "RequestItems": some}).encode()
        return _and_says(self._carried_out(prepared), {"UnprocessedKeys": unprocessed})

    def _send_some(self, request: Request, prepared: AWSPreparedRequest) -> Answer | None:
        done, left = self._parted(request.body["Entries"])
        failed = [
            {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in left
        ]
        if not done:
            return 200, {}, json.dumps({"Successful": [], "Failed": failed})
        prepared.body = json.dumps({**request.body, "Entries": done}).encode()
        return _and_says(self._carried_out(prepared), {"Failed": failed})

    def _parted(self, batch: list[Any], *, at_least: int = 0) -> tuple[list[Any], list[Any]]:
        """Some of a batch, never all, and the others."""
        mixed = self._random.sample(batch, len(batch))
        cut = self._random.randrange(at_least, len(batch))
        return mixed[:cut], mixed[cut:]

    def _carried_out(self, prepared: AWSPreparedRequest) -> Answer | None:
        with self._emulator:
            answer: Answer | None = _TO_EMULATOR(prepared)
        return answer

    @property
    def _random(self) -> Random:
        if not hasattr(self._thread, "random"):
            fate = f"{self.seed} {current_thread().name}"
            self._thread.random = Random(fate)  # noqa: S311 - the same every time
        found: Random = self._thread.random
        return found


_TO_EMULATOR: Callable[[AWSPreparedRequest], Any] = botocore_stubber.process_request


@contextmanager
def faulty_line(seed: int = 0, rates: Mapping[Fault, float] | None = None) -> Iterator[FaultyLine]:
    """Put the line between all clients and the emulator; nobody sleeps before trying again."""
    line = FaultyLine(seed, rates or {})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore_stubber, "process_request", line.carry)
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
        yield line


def _request(prepared: AWSPreparedRequest) -> Request | None:
    """The request, if it is to DynamoDB or SQS or lists objects; the others pass as they are."""
    if "list-type=2" in prepared.url:
        bucket = urlsplit(prepared.url).netloc.partition(".")[0]
        return Request("ListObjectsV2", bucket, _call_of(prepared), {})
    service, _, operation = _text(prepared.headers.get("x-amz-target", "")).partition(".")
    if service not in {"DynamoDB_20120810", "AmazonSQS"}:
        return None
    assert isinstance(prepared.body, bytes)  # these two protocols send JSON
    body = json.loads(prepared.body)
    about = body.get("TableName") or body.get("QueueUrl", "").rpartition("/")[2]
    if "RequestItems" in body:
        (about,) = body["RequestItems"]
    return Request(operation, about, _call_of(prepared), body)


def _call_of(prepared: AWSPreparedRequest) -> str:
    return _text(prepared.headers["amz-sdk-invocation-id"])


def _cut_short(request: Request, prepared: AWSPreparedRequest) -> AWSPreparedRequest:
    """The same request for a page of a few items, which both services may answer to any."""
    if request.operation == "Query":
        prepared.body = json.dumps({**request.body, "Limit": SHORT_PAGE}).encode()
    else:
        prepared.url += f"&max-keys={SHORT_PAGE}"
    return prepared


def _refusal(fault: Fault, request: Request) -> Answer:
    status, code = 400, "ProvisionedThroughputExceededException"
    if fault is Fault.FAILED:
        status, code = 500, "InternalServerError"
    elif request.operation.startswith("SendMessage"):
        code = "ThrottlingException"
    return status, {}, json.dumps({"__type": f"com.amazonaws#{code}"})


def _can_be_partial(request: Request) -> bool:
    match request.operation:
        case "BatchGetItem":
            # One of which nothing was done is refused as a whole.
            return len(request.body["RequestItems"][request.about]["Keys"]) > 1
        case "SendMessageBatch":
            return True
    return False


def _and_says(answer: Answer | None, more: Mapping[str, Any]) -> Answer | None:
    """The answer with something more in it; the emulator's checksum is of what it said itself."""
    assert answer is not None  # moto answers everything that goes to DynamoDB or SQS
    status, headers, text = answer
    kept = {name: value for name, value in headers.items() if name.lower() != "x-amz-crc32"}
    return status, kept, json.dumps({**json.loads(text), **more})


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
