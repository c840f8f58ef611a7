"""Templates as data, and the uploads that take the place of their paths."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.stack import NOTES_STACK
from vtr_local.alarms import embedded_metrics, without_metric_math
from vtr_local.artifacts import BUCKET, Artifacts
from vtr_local.aws import LocalAws
from vtr_local.errors import LocalStackError
from vtr_local.permissions import allow_batches
from vtr_local.runtime_client import RuntimeClient
from vtr_local.template import read_template

TEMPLATE = NOTES_STACK / "template.yaml"


class MemoryBucket:
    """As much of S3 as uploads need."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def head_object(self, **request: str) -> None:
        if request["Key"] not in self.objects:
            raise ClientError({"Error": {"Code": "404"}}, "HeadObject")

    def put_object(self, **request: Any) -> None:
        assert request["Key"] not in self.objects, "uploaded twice"
        self.objects[request["Key"]] = request["Body"]


class MemoryAws(LocalAws):
    s3: Any = None

    def __init__(self, bucket: MemoryBucket) -> None:
        super().__init__("http://127.0.0.1:1")
        object.__setattr__(self, "s3", bucket)


@pytest.fixture
def bucket() -> MemoryBucket:
    return MemoryBucket()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Table", {"Ref": "Table"}),
        ("!GetAtt Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!GetAtt Nested.Outputs.Table", {"Fn::GetAtt": ["Nested", "Outputs.Table"]}),
        ("!Sub '${ApiApp}/v1'", {"Fn::Sub": "${ApiApp}/v1"}),
        ("!Sub ['${a}', {a: !Ref B}]", {"Fn::Sub": ["${a}", {"a": {"Ref": "B"}}]}),
        ("!If [Kept, !Ref A, b]", {"Fn::If": ["Kept", {"Ref": "A"}, "b"]}),
        ("!Condition Protected", {"Condition": "Protected"}),
        ("!Not [!Equals [!Ref A, '']]", {"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, ""]}]}),
        ("2010-09-09", "2010-09-09"),
        ("{Fn::GetAtt: [Table, Arn]}", {"Fn::GetAtt": ["Table", "Arn"]}),
    ],
)
def test_a_short_intrinsic_reads_as_its_long_form(short: str, long: object) -> None:
    assert read_template(f"Value: {short}") == {"Value": long}


def test_json_reads_as_yaml_does() -> None:
    assert read_template('{"Value": {"Ref": "A"}}') == {"Value": {"Ref": "A"}}


def test_every_path_becomes_an_upload(tmp_path: Path, bucket: MemoryBucket) -> None:
    resolved = Artifacts(MemoryAws(bucket), tmp_path).resolve(TEMPLATE)
    code = resolved["Globals"]["Function"]["CodeUri"]
    letters = resolved["Resources"]["Letters"]["Properties"]["Location"]
    alarms = resolved["Resources"]["Observability"]["Properties"]["TemplateURL"]
    names = [
        address.removeprefix("s3://").split(f"{BUCKET}/")[1] for address in (code, letters, alarms)
    ]
    assert sorted(names) == sorted(bucket.objects)
    nested = json.loads(bucket.objects[names[1]])
    arn = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}
    assert nested["Outputs"]["DeadLetterQueueArn"] == {"Value": arn}


def test_publishing_again_uploads_nothing_and_names_the_same(
    tmp_path: Path, bucket: MemoryBucket
) -> None:
    artifacts = Artifacts(MemoryAws(bucket), tmp_path)
    first = artifacts.publish(TEMPLATE)
    count = len(bucket.objects)
    assert artifacts.publish(TEMPLATE) == first
    assert len(bucket.objects) == count


def test_what_is_uploaded_already_is_left_as_it_is(tmp_path: Path, bucket: MemoryBucket) -> None:
    template = tmp_path / "template.yaml"
    elsewhere = "{CodeUri: 's3://bucket/key', Handler: a.b, Runtime: python3.13}"
    template.write_text(
        f"Resources: {{F: {{Type: AWS::Serverless::Function, Properties: {elsewhere}}}}}", "utf-8"
    )
    resolved = Artifacts(MemoryAws(bucket), tmp_path).resolve(template)
    assert resolved["Resources"]["F"]["Properties"]["CodeUri"] == "s3://bucket/key"
    assert bucket.objects == {}


def test_in_strict_mode_the_runtime_is_the_zips_own(tmp_path: Path, bucket: MemoryBucket) -> None:
    client = RuntimeClient(Path("/bin/python"))
    resolved = Artifacts(MemoryAws(bucket), tmp_path, client).resolve(TEMPLATE)
    assert resolved["Globals"]["Function"]["Runtime"] == "provided.al2023"


def test_a_template_that_is_not_there_is_a_sentence(tmp_path: Path, bucket: MemoryBucket) -> None:
    with pytest.raises(LocalStackError, match="There is no template"):
        Artifacts(MemoryAws(bucket), tmp_path).publish(tmp_path / "template.yaml")


def test_an_alarm_on_an_expression_watches_the_first_of_its_metrics_on_the_emulator() -> None:
    metric = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": []}
    queries: list[Any] = [
        {"Id": "found", "Expression": "a + b"},
        {"Id": "a", "MetricStat": {"Metric": metric, "Stat": "Sum", "Period": 300}},
        {"Id": "b", "MetricStat": {"Metric": {}, "Stat": "Maximum", "Period": 300}},
    ]
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Threshold": 1, "Metrics": queries}}
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Threshold": 2, **metric}}
    template = {"Resources": {"A": alarm, "B": plain}}
    without_metric_math(template)
    expected = {"Threshold": 1, **metric, "Statistic": "Sum", "Period": 300}
    assert alarm["Properties"] == expected
    assert plain["Properties"] == {"Threshold": 2, **metric}


def test_metrics_are_found_in_what_a_function_logs() -> None:
    line = {
        "_aws": {
            "Timestamp": 1_796_031_423_736,
            "CloudWatchMetrics": [
                {
                    "Namespace": "VTR",
                    "Dimensions": [["service", "kind"], ["service"]],
                    "Metrics": [{"Name": "Sent", "Unit": "Count"}, {"Name": "Lost"}],
                }
            ],
        },
        "service": "prod",
        "kind": "a",
        "Sent": [1.0, 2.0],
        "Lost": 3.0,
    }
    found = list(embedded_metrics(f'START\n{{"message": "hello"}}\n{json.dumps(line)}\n'))
    assert [(each.name, each.dimensions, each.values) for each in found] == [
        ("Sent", {"service": "prod", "kind": "a"}, [1.0, 2.0]),
        ("Lost", {"service": "prod", "kind": "a"}, [3.0]),
        ("Sent", {"service": "prod"}, [1.0, 2.0]),
        ("Lost", {"service": "prod"}, [3.0]),
    ]
    assert {(each.namespace, each.time) for each in found} == {("VTR", 1_796_031_423.736)}


def test_whoever_may_send_a_message_may_send_a_batch_on_the_emulator() -> None:
    template = {"Policies": [{"Statement": [{"Action": "sqs:SendMessage", "Resource": "q"}]}]}
    allow_batches(template)
    (statement,) = template["Policies"][0]["Statement"]
    assert statement == {"Action": ["sqs:SendMessage", "sqs:SendMessageBatch"], "Resource": "q"}


def test_whoever_may_hide_a_message_may_hide_a_batch_on_the_emulator() -> None:
    statement = {"Action": ["sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], "Resource": "q"}
    allow_batches(statement)
    assert statement["Action"] == [
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessageBatch",
        "sqs:ChangeMessageVisibilityBatch",
    ]
