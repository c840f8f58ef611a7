"""The API's description as it is served: to anybody, to be kept, and small on the way."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest

from describe_api.handler import lambda_handler
from support.aws import PROJECT
from support.events import Context, http_event

BOTH = pytest.mark.parametrize(
    ("path", "file", "content_type"),
    [
        ("/v1/openapi.json", "openapi.json", "application/json"),
        ("/v1/docs", "docs.html", "text/html; charset=utf-8"),
    ],
)


def get(path: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    event = http_event("GET", path, headers=headers)
    answered: dict[str, Any] = lambda_handler(event, Context("describe_api"))
    return {**answered, "headers": {n.lower(): value for n, value in answered["headers"].items()}}


def committed(file: str) -> str:
    return (PROJECT / "functions" / "describe_api" / file).read_text("utf-8")


@BOTH
def test_anybody_reads_it_as_it_was_committed(path: str, file: str, content_type: str) -> None:
    answer = get(path)
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == content_type
    assert answer["body"] == committed(file)


@BOTH
def test_it_travels_compressed_where_the_caller_can_read_that(
    path: str, file: str, content_type: str
) -> None:
    answer = get(path, {"Accept-Encoding": "br, gzip"})
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["headers"]["content-type"] == content_type
    assert answer["headers"]["vary"] == "Accept-Encoding"
    packed = base64.b64decode(answer["body"])
    assert gzip.decompress(packed).decode() == committed(file)
    assert len(packed) < 30_000


@BOTH
def test_who_has_it_already_is_told_so(path: str, file: str, content_type: str) -> None:
    known = get(path)["headers"]["etag"]
    answer = get(path, {"If-None-Match": f'"another", {known}', "Accept-Encoding": "gzip"})
    assert (answer["statusCode"], answer["body"]) == (304, ""), (file, content_type)
    assert answer["headers"]["etag"] == known
    assert answer["headers"]["cache-control"] == "public, max-age=300"


def test_another_version_is_sent_in_full() -> None:
    assert get("/v1/docs", {"If-None-Match": 'W/"another"'})["statusCode"] == 200


def test_the_two_are_told_apart_by_their_tags() -> None:
    assert get("/v1/docs")["headers"]["etag"] != get("/v1/openapi.json")["headers"]["etag"]


def test_programs_read_openapi_3_1() -> None:
    assert json.loads(get("/v1/openapi.json")["body"])["openapi"] == "3.1.0"
