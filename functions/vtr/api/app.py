"""The HTTP edge: authentication, request bodies, responses and errors."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import msgspec
from aws_lambda_powertools.metrics import MetricUnit

from vtr.api.idempotency import HEADER, require_key, run_once
from vtr.api.powertools import Answer, APIGatewayHttpResolver
from vtr.api.problems import CONTENT_TYPE, REQUEST_ID, problem_of
from vtr.api.validation import read_fields, read_json
from vtr.bootstrap import services
from vtr.clock import now
from vtr.domain.accounts import Scope, require_scope
from vtr.domain.errors import (
    BodyTooLargeError,
    MethodNotAllowedError,
    RouteNotFoundError,
    ThrottledError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnsupportedMediaTypeError,
    VtrError,
)
from vtr.domain.limits import Metered
from vtr.observability import logger, metrics
from vtr.use_cases.authenticate import Caller, caller_of
from vtr.use_cases.meter_requests import spend

MAX_BODY_BYTES = 1024 * 1024


class Operation(NamedTuple):
    """What a registered route takes; the API's description is checked against it."""

    scope: Scope
    inputs: tuple[type[msgspec.Struct], ...]
    idempotent: bool


class NoQuery(msgspec.Struct):
    """The query of a route that takes none: a filter that is ignored would look as if it held."""


class ApiApp(APIGatewayHttpResolver):
    """The routes of one function, with what all routes share."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: dict[str, Operation] = {}
        self.exception_handler(VtrError)(self._refuse)
        self.exception_handler(Exception)(self._fail)
        self.not_found(self._refuse_route)

    def resolve(self, event: Any, context: Any) -> dict[str, Any]:
        # The gateway passes the path decoded. Quoted again, an id of any characters reaches its
        # route, which can name it when it refuses it.
        path = quote(unquote(event["rawPath"]), safe="/:", errors="replace")
        logger.append_keys(request_id=event["requestContext"]["requestId"])
        answered = super().resolve({**event, "rawPath": path}, context)
        answered["headers"][REQUEST_ID] = event["requestContext"]["requestId"]
        # The route and not the path: a mistyped webhook's has a secret in it.
        logger.info("answered", route=event["routeKey"], status=answered["statusCode"])
        return answered

    def operation(
        self,
        method: str,
        rule: str,
        scope: Scope,
        *inputs: type[msgspec.Struct],
        idempotent: bool = False,
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Register a route; its function is called with the caller and each of the *inputs*.

        A struct named ``…Path`` is read from the path, ``…Query`` from the query string, any other
        from the JSON body. An *idempotent* route runs once for each ``Idempotency-Key``.
        """

        def register(route: Callable[..., Answer]) -> Callable[..., Answer]:
            takes_query = any(_is_query(kind) for kind in inputs)

            def respond(**ids: str) -> Answer:
                caller = self.caller(scope)
                if not takes_query:
                    self._input(NoQuery, ids)
                return route(caller, *(self._input(kind, ids) for kind in inputs))

            def run(**ids: str) -> Answer:
                key = self.header(HEADER) if idempotent else None
                return respond(**ids) if key is None else self._once(key, scope, respond, ids)

            self.route(rule, method=method)(run)
            self.operations[f"{method} {rule}"] = Operation(scope, inputs, idempotent=idempotent)
            return route

        return register

    def _input(self, kind: type[msgspec.Struct], ids: Mapping[str, str]) -> msgspec.Struct:
        if kind.__name__.endswith("Path"):
            return read_fields({name: unquote(value) for name, value in ids.items()}, kind)
        if _is_query(kind):
            return read_fields(dict(self.current_event.query_string_parameters or {}), kind)
        return read_fields(self.json(), kind)

    def _once(
        self, key: str, scope: Scope, respond: Callable[..., Answer], ids: Mapping[str, str]
    ) -> Answer:
        account = self.caller(scope).account.id
        require_key(key)
        event = self.current_event
        request = f"{event.http_method} {event.raw_path}\n{self.media_type()}\n"
        return run_once(
            lambda: respond(**ids),
            account=account,
            key=key,
            content=request.encode() + self.body(),
            context=self.lambda_context,
        )

    def caller(self, scope: Scope) -> Caller:
        """Authenticate the caller, if the key has this scope; metered once per request."""
        if "caller" not in self.context:
            caller = caller_of(services(), self.header("authorization"), now())
            logger.append_keys(account=caller.account.id, key=caller.key.id)
            spend(services(), caller.account, Metered.REQUESTS, 1, now())
            self.context["caller"] = caller
        found: Caller = self.context["caller"]
        require_scope(found.key, scope)
        return found

    def header(self, name: str) -> str | None:
        return self.current_event.headers.get(name)

    def body(self) -> bytes:
        """Return the body as it was sent. Refuse a compressed one: it may unfold to any size."""
        encoding = (self.header("content-encoding") or "identity").strip().lower()
        if encoding != "identity":
            raise UnsupportedMediaTypeError(
                f"Content-Encoding: {encoding[:100]} is not taken here. Send it as it is."
            )
        content = raw_body(self.current_event.raw_event)
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLargeError(
                f"The body has {len(content)} bytes; at most {MAX_BODY_BYTES} are taken. "
                "Send it in parts."
            )
        return content

    def seconds_left(self) -> float:
        """Return the seconds until the function is killed, with its request unanswered."""
        return float(self.lambda_context.get_remaining_time_in_millis()) / 1000

    def json(self) -> Any:
        """Return the value in the body; no body at all is an empty object."""
        media_type = self.media_type()
        if media_type not in {"", "application/json"}:
            raise UnsupportedMediaTypeError(
                f"Content-Type: {media_type[:100]} is not taken here. Send application/json."
            )
        return read_json(self.body() or b"{}")

    def media_type(self) -> str:
        """Return the body's ``Content-Type`` without parameters; empty if there is none."""
        content_type = self.header("content-type") or ""
        return content_type.partition(";")[0].strip().lower()

    def _refuse(self, error: VtrError) -> Answer:
        request_id = self.current_event.request_context.request_id
        problem = {**problem_of(error), "request_id": request_id}
        if isinstance(error, ThrottledError):
            log_failure(error)
        # Not the detail: it repeats what the caller sent.
        logger.info("refused", code=error.code)
        return Answer(
            status_code=problem["status"],
            content_type=CONTENT_TYPE,
            body=msgspec.json.encode(problem).decode(),
            headers=_headers_of(error),
        )

    def _fail(self, error: Exception) -> Answer:
        log_failure(error)
        return self._refuse(VtrError("The request failed on our side. Send it again."))

    def no_route(self) -> VtrError:
        """Return the error for a request that no route matches."""
        return RouteNotFoundError("No route has this path. See the API's description.")

    def _refuse_route(self, _: Exception) -> Answer:
        return self._refuse(self.no_route())


def _is_query(kind: type[msgspec.Struct]) -> bool:
    return kind.__name__.endswith("Query")


def _headers_of(error: VtrError) -> dict[str, Any]:
    match error:
        case UnauthenticatedError():
            return {"WWW-Authenticate": "Bearer"}
        case TooManyRequestsError() | ThrottledError():
            return {"Retry-After": str(error.retry_after)}
        case MethodNotAllowedError():
            return {"Allow": ", ".join(error.allowed)}
    return {}


def raw_body(event: Mapping[str, Any]) -> bytes:
    """Return the exact bytes sent: the gateway passes what is not text as base64."""
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def log_failure(error: Exception) -> None:
    """Log and count an error of our own; the caller is not told more than that it was one."""
    logger.exception("failed", exc_info=error)
    metrics.add_metric(name="RequestFailed", unit=MetricUnit.Count, value=1)


def audit(action: str, **what: str) -> None:
    """Log an action of the caller that may have to be proven one day."""
    logger.info("audit", audit={"action": action, **what})


def answer(
    document: msgspec.Struct | Mapping[str, Any],
    status: int = 200,
    headers: dict[str, Any] | None = None,
    *,
    compress: bool = False,
) -> Answer:
    """Return a document as JSON; *compress* it for those who take gzip, where it may be large."""
    return Answer(
        status_code=status,
        content_type="application/json",
        body=msgspec.json.encode(document).decode(),
        headers=headers,
        compress=compress,
    )
