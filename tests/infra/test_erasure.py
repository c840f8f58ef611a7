"""What a receipt says of what stays is what the templates keep; a wait is as long as it must be."""

from datetime import timedelta

from infra.test_timeouts import MODULES, timeout_of
from support.aws import data_template, main_template
from vtr.domain import erasures
from vtr.domain.erasures import WRITERS_END
from vtr_cli.erase import ARCHIVE_DAYS
from vtr_local.template import resources

LAMBDA_LIMIT_SECONDS = 900
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def days_of(prefix: str) -> int:
    (_, bucket) = next(iter(resources(data_template(), "AWS::S3::Bucket")))
    rules = bucket["LifecycleConfiguration"]["Rules"]
    expires = next(rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == prefix)
    (hidden,) = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    ]
    return int(expires + hidden)


def test_no_function_that_was_at_work_outlasts_the_wait() -> None:
    longest = max(timeout_of(module) for module in MODULES)
    assert timedelta(seconds=longest) < WRITERS_END
    assert timedelta(seconds=LAMBDA_LIMIT_SECONDS) < WRITERS_END


def test_what_expires_by_itself_does_so_when_the_receipt_says() -> None:
    assert days_of("deliveries/") == erasures.DELIVERIES_DAYS
    assert days_of("silent/") == erasures.SILENT_DAYS
    assert days_of("raw/") == ARCHIVE_DAYS


def test_parts_of_unfinished_reports_are_gone_when_the_receipt_says() -> None:
    (_, bucket) = next(iter(resources(data_template(), "AWS::S3::Bucket")))
    rules = bucket["LifecycleConfiguration"]["Rules"]
    (parts,) = [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]
    assert "Prefix" not in parts
    assert parts["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == erasures.UPLOADS_DAYS


def test_messages_and_log_lines_are_kept_as_long_as_the_receipt_says() -> None:
    template = main_template()
    kept = {
        queue["MessageRetentionPeriod"]
        for _, queue in resources(template, "AWS::SQS::Queue")
        if "MessageRetentionPeriod" in queue
    }
    assert max(kept) == timedelta(days=erasures.MESSAGES_DAYS).total_seconds()
    kept_by = {
        group["RetentionInDays"]["Ref"] for _, group in resources(template, "AWS::Logs::LogGroup")
    }
    assert max(template["Parameters"][each]["Default"] for each in kept_by) == erasures.LOGS_DAYS
