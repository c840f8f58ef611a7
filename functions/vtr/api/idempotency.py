"""Idempotency-Key: a repeated request is run once; the repetition gets the same response.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

from vtr.api.powertools import Answer
from vtr.bootstrap import services
from vtr.domain.errors import (
    IdempotencyKeyInFlightError,
    IdempotencyKeyReusedError,
    InvalidIdempotencyKeyError,
    ThrottledError,
)
from vtr.observability import logger

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_SECONDS = 24 * 3600

RETRY_AFTER = "Retry-After"

_KEY = re.compile(r"[!-~]{1,255}")


class _NotKeptError(Exception):
    """The response is not the request's last word."""


def require_key(key: str) -> None:
    """Raise ``InvalidIdempotencyKeyError`` unless *key* is one that a request may carry."""
    if not _KEY.fullmatch(key):
        raise InvalidIdempotencyKeyError(
            f"{HEADER} must be 1 to 255 visible ASCII characters. Send a random UUID."
        )


def run_once(
    route: Callable[[], Answer], *, account: str, key: str, content: bytes, context: Any
) -> Answer:
    """Run a route once for this key of this account; *content* identifies the request.

    Refusals and failures are not kept: the same key may be sent again, even with a corrected body.
    Nor is an answer that asks, by ``Retry-After``, to send the request again.
    """
    # Imported only when used: it takes longer than all else here.
    from aws_lambda_powertools.utilities.idempotency import exceptions  # noqa: PLC0415

    answered: list[Answer] = []

    def run(*, request: dict[str, str]) -> Answer:  # noqa: ARG001  Powertools reads it
        answered.append(route())
        if RETRY_AFTER in (answered[0].headers or {}):
            raise _NotKeptError
        return answered[0]

    request = {"account": account, "key": key, "content": hashlib.sha256(content).hexdigest()}
    try:
        return _repeatable(run, context)(request=request)
    except _NotKeptError:
        return answered[0]
    except exceptions.IdempotencyAlreadyInProgressError:
        raise IdempotencyKeyInFlightError(
            f"The first request with this {HEADER} has not been answered yet. Send it again in a "
            "moment."
        ) from None
    except exceptions.IdempotencyValidationError:
        raise IdempotencyKeyReusedError(
            f"This {HEADER} came with another request before. Send a new one with each request."
        ) from None
    except exceptions.IdempotencyPersistenceLayerError as error:
        if not answered:
            raise _cause_of(error) from None
        # It is done, so return the response although it was not kept; a repetition will run again.
        logger.warning("answer not kept", exc_info=True)
        return answered[0]


def _cause_of(error: Exception) -> Exception:
    """Return the error to tell: that of the store, if it throttles."""
    return error.__cause__ if isinstance(error.__cause__, ThrottledError) else error


def _repeatable(run: Callable[..., Answer], context: Any) -> Callable[..., Answer]:
    from aws_lambda_powertools.utilities import idempotency  # noqa: PLC0415
    from aws_lambda_powertools.utilities.idempotency.serialization import (  # noqa: PLC0415
        custom_dict,
    )

    wrapped: Callable[..., Answer] = idempotency.idempotent_function(
        run,
        data_keyword_argument="request",
        persistence_store=services().kept_answers,
        config=idempotency.IdempotencyConfig(
            event_key_jmespath="[account, key]",
            payload_validation_jmespath="content",
            expires_after_seconds=KEPT_SECONDS,
            hash_function="sha256",
            lambda_context=context,
        ),
        output_serializer=custom_dict.CustomDictSerializer(_packed, _unpacked),
        key_prefix="IDEMPOTENCY",
    )
    return wrapped


def _packed(answer: Answer) -> dict[str, Any]:
    body = base64.b64encode(zlib.compress((answer.body or "").encode())).decode()
    return {"status": answer.status_code, "headers": answer.headers, "body": body}


def _unpacked(kept: dict[str, Any]) -> Answer:
    return Answer(
        status_code=kept["status"],
        headers={**kept["headers"], REPLAYED: "true"},
        body=zlib.decompress(base64.b64decode(kept["body"])).decode(),
    )
