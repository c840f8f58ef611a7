"""HTTP: what anyone may ask: whether the API is there, and what it does."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from vtr.http import Answer, Api, answer
from vtr.observability import logger, metrics

FRESH = "public, max-age=300"

app = Api()


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
    text, etag = _read(name)
    known = app.current_event.headers.get("if-none-match") or ""
    unchanged = etag in {tag.strip() for tag in known.split(",")}
    return Answer(
        status_code=304 if unchanged else 200,
        content_type=content_type,
        body="" if unchanged else text,
        compress=not unchanged,
        headers={"ETag": etag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"},
    )


@cache
def _read(name: str) -> tuple[str, str]:
    """A file and its ETag: a weak one, as the same text may go out compressed."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return text, f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
