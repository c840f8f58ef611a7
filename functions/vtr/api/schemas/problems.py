"""Errors as problem details (RFC 9457)."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType


class FieldError(Struct, kw_only=True):
    """One field that cannot be used."""

    field: Annotated[
        str, Meta(description="A dotted path into what was sent.", examples=["order.placed_at"])
    ]
    rule: Annotated[str, Meta(description="The rule that it breaks.")]
    remedy: Annotated[str, Meta(description="What to send instead.")]


class Problem(Struct, kw_only=True):
    """An error (RFC 9457). Tell errors apart by `code`: it never changes; the sentences may."""

    type: Annotated[str, Meta(description="A page on this error.")]
    title: Annotated[str, Meta(description="What kind of error it is.")]
    status: Annotated[int, Meta(description="The HTTP status.", examples=[422])]
    code: Annotated[str, Meta(description="The error's stable name.", examples=["delivered"])]
    detail: Annotated[str, Meta(description="What happened, and what to do about it.")]
    errors: Annotated[
        list[FieldError] | UnsetType, Meta(description="Every field that cannot be used.")
    ] = UNSET
    request_id: Annotated[
        str | UnsetType, Meta(description="Finds this request in the operator's log.")
    ] = UNSET
