"""HTTP at the edge: who calls, what the body says, and what is answered."""

import base64
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import msgspec
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit

from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.accounts import Scope
from vtr.domain.errors import (
    BodyTooLargeError,
    RouteNotFoundError,
    UnsupportedMediaTypeError,
    VtrError,
)
from vtr.fields import read_fields, read_json
from vtr.observability import logger, metrics
from vtr.problems import CONTENT_TYPE, problem_of
from vtr.use_cases.keys import Caller, caller_of

MAX_BODY_BYTES = 1024 * 1024

T = TypeVar("T", bound=msgspec.Struct)


class Api(APIGatewayHttpResolver):
    """The routes of one function, with what all routes share."""

    def __init__(self) -> None:
        super().__init__()
        self.exception_handler(VtrError)(self._refuse)
        self.exception_handler(Exception)(self._fail)
        self.not_found(self._refuse_route)

    def resolve(self, event: Any, context: Any) -> dict[str, Any]:
        # The gateway hands the path over decoded. Quoted again, an id of any characters reaches
        # its route, and is refused there by name.
        path = quote(unquote(event["rawPath"]), safe="/:")
        method = event["requestContext"]["http"]["method"]
        logger.append_keys(request_id=event["requestContext"]["requestId"])
        metrics.add_metric(name="RequestAnswered", unit=MetricUnit.Count, value=1)
        answered = super().resolve({**event, "rawPath": path}, context)
        logger.info("answered", method=method, path=path, status=answered["statusCode"])
        return answered

    def caller(self, scope: Scope) -> Caller:
        """Who calls, if the key may do this."""
        authorization = self.current_event.headers.get("authorization")
        caller = caller_of(services(), authorization, scope, now())
        logger.append_keys(account=caller.account.id, key=caller.key.id)
        return caller

    def body(self) -> bytes:
        content = raw_body(self.current_event.raw_event)
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLargeError(
                f"The body has {len(content)} bytes; at most {MAX_BODY_BYTES} are taken. "
                "Send it in parts."
            )
        return content

    def fields(self, kind: type[T]) -> T:
        """The JSON body as a struct; no body at all is an empty object."""
        return read_fields(self.json(), kind)

    def json(self) -> Any:
        """The value that the body holds; no body at all is an empty object."""
        media_type = self.media_type()
        if media_type not in {"", "application/json"}:
            raise UnsupportedMediaTypeError(
                f"Content-Type: {media_type[:100]} is not taken here. Send application/json."
            )
        return read_json(self.body() or b"{}")

    def media_type(self) -> str:
        """What the body is said to be, without parameters; empty where nothing is said."""
        content_type = self.current_event.headers.get("content-type") or ""
        return content_type.partition(";")[0].strip().lower()

    def query(self, kind: type[T]) -> T:
        """The query string as a struct; every value is a text."""
        return read_fields(dict(self.current_event.query_string_parameters or {}), kind)

    def _refuse(self, error: VtrError) -> Response[str]:
        request_id = self.current_event.request_context.request_id
        problem = {**problem_of(error), "request_id": request_id}
        logger.info("refused", code=error.code, detail=error.detail)
        return Response(
            status_code=problem["status"],
            content_type=CONTENT_TYPE,
            body=msgspec.json.encode(problem).decode(),
            headers={"WWW-Authenticate": "Bearer"} if error.code == "unauthenticated" else None,
        )

    def _fail(self, error: Exception) -> Response[str]:
        """Say nothing of what went wrong inside: the log has it, under the request's id."""
        logger.exception("failed", exc_info=error)
        metrics.add_metric(name="RequestFailed", unit=MetricUnit.Count, value=1)
        return self._refuse(VtrError("The request failed on our side. Send it again."))

    def _refuse_route(self, _: Exception) -> Response[str]:
        return self._refuse(
            RouteNotFoundError("No route has this method and path. See the API's description.")
        )


def raw_body(event: Mapping[str, Any]) -> bytes:
    """The very bytes that were sent: the gateway hands over what is no text in base64."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def path_ids(kind: type[T], **ids: str) -> T:
    """The ids in the path as a struct, as the caller wrote them."""
    return read_fields({name: unquote(value) for name, value in ids.items()}, kind)


def answer(
    document: msgspec.Struct | Mapping[str, Any],
    status: int = 200,
    headers: dict[str, Any] | None = None,
) -> Response[str]:
    return Response(
        status_code=status,
        content_type="application/json",
        body=msgspec.json.encode(document).decode(),
        headers=headers,
    )
