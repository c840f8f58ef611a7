"""HTTP, open to anyone: whether the API is up, and its description.

Requests that match no route arrive here too, and are refused like any other.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from describe_api.description import DescribedApi, read
from vtr.api.app import answer
from vtr.api.powertools import Answer
from vtr.observability import logger, metrics

FRESH = "public, max-age=300"

app = DescribedApi()


@app.get("/v1/health")
def get_health() -> Answer:
    return answer({"status": "ok"})


@app.get("/v1/openapi.json", compress=True)
def get_description() -> Answer:
    return _file("openapi.json", "application/json")


@app.get("/v1/docs", compress=True)
def get_docs() -> Answer:
    return _file("docs.html", "text/html; charset=utf-8")


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)


def _file(name: str, content_type: str) -> Answer:
    text, etag = read(name)
    known = app.current_event.headers.get("if-none-match") or ""
    unchanged = etag in {tag.strip() for tag in known.split(",")}
    return Answer(
        status_code=304 if unchanged else 200,
        content_type=content_type,
        body="" if unchanged else text,
        compress=not unchanged,
        headers={"ETag": etag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"},
    )
