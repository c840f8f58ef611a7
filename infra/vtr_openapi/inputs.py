"""What is sent and read without a struct: batches line by line, webhooks, headers.

Unknown fields are ignored here; every other body refuses them.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from submit_tracking.batch_lines import MAX_LINES
from submit_tracking.schemas import LineBody
from vtr.domain.scans import Milestone, Physical
from vtr.sources import SOURCES


class BatchBody(Struct, kw_only=True):
    """Packages, each with its ids."""

    packages: Annotated[
        list[LineBody],
        Meta(
            min_length=1, max_length=MAX_LINES, description=f"a list of 1 to {MAX_LINES} packages"
        ),
    ]


class ScanBody(Struct, kw_only=True):
    """One event of one carrier about one of its numbers."""

    carrier: Annotated[str, Meta(title="Its code or its name", examples=["ups"])]
    tracking_number: Annotated[str, Meta(title="The number", examples=["1Z999AA10123456784"])]
    occurred_at: Annotated[
        str,
        Meta(
            title="When the carrier says that it happened",
            description="a moment (ISO 8601), with its offset if that is known",
            examples=["2026-10-21T15:40:00-07:00"],
        ),
    ]
    code: Annotated[str, Meta(title="The carrier's own code", examples=["AF"])] = ""
    milestone: Annotated[Milestone, Meta(title="What the event means")] | None = None
    physical: Annotated[
        Physical | bool | None,
        Meta(title="Whether somebody held the package; else the milestone says"),
    ] = None
    place: Annotated[str, Meta(title="Where it happened", examples=["Ontario, CA, US"])] = ""
    location: Annotated[
        str,
        Meta(
            title="What places are compared by",
            description="country and postal code, else city and state",
            examples=["US 91761"],
        ),
    ] = ""
    other_numbers: Annotated[
        list[str],
        Meta(title="Further numbers of the same parcel", description="the first four are kept"),
    ] = field(default_factory=list)
    unique_id: Annotated[str, Meta(title="The carrier's own id for this use of the number")] = ""
    retracts: Annotated[str, Meta(title="The code of an earlier scan that is taken back")] = ""


class ScansBody(Struct, kw_only=True):
    """The scans; one alone may stand here itself, in place of the list."""

    scans: list[ScanBody]


class Delivery(Struct, kw_only=True):
    """The body of the source `standard`. Other sources send their own."""

    type: Annotated[
        Literal["scan.recorded"], Meta(title="What it tells", description="scan.recorded")
    ]
    timestamp: Annotated[str, Meta(title="When it is sent", examples=["2026-10-21T22:41:03Z"])]
    data: ScansBody
    test: Annotated[bool, Meta(title="Whether all this is for show and counts for nothing")] = False


class DeliveryPath(Struct, kw_only=True):
    source: Annotated[
        str,
        Meta(
            title="Who sends",
            description=f"one of {', '.join(SOURCES)}",
            examples=["standard"],
            extra_json_schema={"enum": list(SOURCES)},
        ),
    ]


class SecretPath(DeliveryPath, kw_only=True):
    secret: Annotated[
        str,
        Meta(title="The secret in the URL that the source was given", examples=["fY3k…"]),
    ]


class DeliveryHeaders(Struct, kw_only=True):
    """The source ``standard`` needs all three; other sources have others."""

    id: Annotated[str, Meta(title="The delivery's id", examples=["msg_2Kx9"])] = field(
        name="webhook-id", default=""
    )
    timestamp: Annotated[
        str,
        Meta(title="When it was signed", description="seconds since 1970, at most 5 minutes ago"),
    ] = field(name="webhook-timestamp", default="")
    signature: Annotated[
        str,
        Meta(
            title="The signature over id, timestamp and body",
            description="`v1,` and an HMAC-SHA256 in base64; several with a space between",
        ),
    ] = field(name="webhook-signature", default="")


class IfNoneMatch(Struct, kw_only=True):
    etag: Annotated[str, Meta(title="The `ETag` that you have")] = field(
        name="If-None-Match", default=""
    )


class Once(Struct, kw_only=True):
    """What makes a request safe to repeat."""

    key: Annotated[
        str,
        Meta(
            title="A name for this request, of your making: sent again with it, the request is "
            "done once",
            pattern="^[!-~]{1,255}$",
            description="1 to 255 visible ASCII characters",
            examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        ),
    ] = field(name="Idempotency-Key", default="")


OPEN = {kind.__name__ for kind in (BatchBody, ScanBody, ScansBody, Delivery)}
"""Bodies whose unknown fields are ignored."""
