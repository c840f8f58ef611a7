"""Report documents are there whole or not at all; a source's secrets are its own."""

import gzip
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from contract.worlds import AwsWorld, World
from support.aws import BUCKET
from vtr.adapters import ttl_cache

KEY = "reports/acme/5f0c.csv"
FIRST = gzip.compress(b"a" * 10) + b"\0" * (5 * 1024 * 1024)
"""As large as S3 wants every part but the last."""


def write(world: World, *parts: bytes, key: str = KEY) -> None:
    files = world.ports.report_files
    upload = files.begin(key, "report.csv")
    tags = [files.add_part(key, upload, number, part) for number, part in enumerate(parts, 1)]
    files.complete(key, upload, tags)


@pytest.mark.parametrize("parts", [(b"whole",), (FIRST, b"rest"), (FIRST, FIRST, b"")])
def test_a_document_is_its_parts_in_order(world: World, parts: tuple[bytes, ...]) -> None:
    write(world, *parts)
    assert world.document(KEY) == b"".join(parts)


def test_a_document_is_not_there_before_it_is_complete(world: World) -> None:
    files = world.ports.report_files
    upload = files.begin(KEY, "report.csv")
    files.add_part(KEY, upload, 1, b"half")
    assert world.document(KEY) is None


def test_a_part_written_again_counts_once(world: World) -> None:
    files = world.ports.report_files
    upload = files.begin(KEY, "report.csv")
    files.add_part(KEY, upload, 1, b"cut off")
    files.complete(KEY, upload, [files.add_part(KEY, upload, 1, b"whole")])
    assert world.document(KEY) == b"whole"


def test_an_upload_given_up_leaves_nothing(world: World) -> None:
    files = world.ports.report_files
    upload = files.begin(KEY, "report.csv")
    files.add_part(KEY, upload, 1, b"half")
    files.abort(KEY, upload)
    assert world.document(KEY) is None


def test_uploads_of_one_document_do_not_mix(world: World) -> None:
    files = world.ports.report_files
    given_up, first = files.begin(KEY, "report.csv"), files.begin(KEY, "report.csv")
    tag = files.add_part(KEY, first, 1, b"first")
    files.abort(KEY, given_up)
    second = files.begin(KEY, "report.csv")
    files.add_part(KEY, second, 1, b"second")
    files.complete(KEY, first, [tag])
    assert world.document(KEY) == b"first"


def test_a_document_is_downloaded_as_gzipped_csv_under_its_name(aws_world: AwsWorld) -> None:
    write(aws_world, gzip.compress(b"Order ID\r\n"))
    answer = requests.get(aws_world.ports.report_files.url(KEY, 300), timeout=5)
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="report.csv"'


@pytest.mark.parametrize(
    ("region", "host"),
    [("us-east-1", "s3.amazonaws.com"), ("eu-central-1", "s3.eu-central-1.amazonaws.com")],
)
def test_a_url_is_for_the_host_of_its_region_signed_with_version_4(
    aws_world: AwsWorld, region: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    url = urlsplit(aws_world.aws.ports().report_files.url(KEY, 300))
    query = parse_qs(url.query)
    assert query.get("X-Amz-Algorithm") == ["AWS4-HMAC-SHA256"]
    assert query.get("X-Amz-Expires") == ["300"]
    assert query["X-Amz-Credential"][0].split("/")[2:] == [region, "s3", "aws4_request"]
    assert url.hostname == f"{BUCKET}.{host}"


def test_a_source_nobody_set_up_has_no_secrets(world: World) -> None:
    assert list(world.ports.source_secrets.of("standard")) == []


def test_a_sources_secrets_come_newest_first_and_are_its_own(world: World) -> None:
    world.set_secrets("standard", ["whsec_new", "whsec_old"])
    world.set_secrets("ups", ["other"])
    assert list(world.ports.source_secrets.of("standard")) == ["whsec_new", "whsec_old"]
    assert list(world.ports.source_secrets.of("ups")) == ["other"]


def test_a_source_works_seconds_after_it_is_set_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(ttl_cache, "monotonic", lambda: clock[0])
    assert list(world.ports.source_secrets.of("standard")) == []
    world.set_secrets("standard", ["whsec_new"])
    clock[0] += 2
    assert list(world.ports.source_secrets.of("standard")) == ["whsec_new"]
