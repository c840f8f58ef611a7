"""Upload the files that a template refers to, and make it refer to the uploads.

This is what ``sam package`` does: code becomes a zip in a bucket, a nested template becomes a URL.
Every upload is named by its content, so that unchanged files are neither uploaded nor deployed
again.
"""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from vtr_local.alarms import without_metric_math
from vtr_local.aws import LocalAws
from vtr_local.errors import LocalStackError
from vtr_local.packaging import package
from vtr_local.permissions import allow_batches, name_as_emulator
from vtr_local.runtime_client import RUNTIME, RuntimeClient
from vtr_local.template import Template, load_template, publish_what_changed, resources

BUCKET = "vtr-local-artifacts"

_FUNCTION = "AWS::Serverless::Function"
# Where each kind of nested stack names its template.
_NESTED = {"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL"}


@dataclass(frozen=True)
class Artifacts:
    """The bucket of uploads, and how code is built for it."""

    aws: LocalAws
    build: Path
    runtime_client: RuntimeClient | None = None

    def publish(self, template_path: Path) -> str:
        """Upload a template with all it refers to; return its URL."""
        body = json.dumps(self.resolve(template_path), indent=1).encode()
        name = f"{template_path.stem}-{hashlib.sha256(body).hexdigest()[:16]}.json"
        self._upload(name, body)
        return f"https://s3.amazonaws.com/{BUCKET}/{name}"

    def resolve(self, template_path: Path) -> Template:
        """Read a template and replace every path in it by its upload."""
        if not template_path.is_file():
            raise LocalStackError(f"There is no template {template_path}.")
        template = load_template(template_path)
        allow_batches(template)
        name_as_emulator(template)
        without_metric_math(template)
        folder = template_path.parent
        functions = [properties for _, properties in resources(template, _FUNCTION)]
        for properties in [template.get("Globals", {}).get("Function", {}), *functions]:
            self._resolve_code(properties, folder)
        for kind, field in _NESTED.items():
            for _, properties in resources(template, kind):
                if _is_path(properties[field]):
                    properties[field] = self.publish(folder / properties[field])
        publish_what_changed(template)
        return template

    def open_bucket(self) -> None:
        with contextlib.suppress(self.aws.s3.exceptions.BucketAlreadyOwnedByYou):
            self.aws.s3.create_bucket(Bucket=BUCKET)

    def _resolve_code(self, properties: dict[str, Any], folder: Path) -> None:
        if _is_path(properties.get("CodeUri")):
            archive = package(
                (folder / properties["CodeUri"]).resolve(), self.build, self.runtime_client
            )
            self._upload(archive.name, archive.read_bytes())
            properties["CodeUri"] = f"s3://{BUCKET}/{archive.name}"
        if self.runtime_client and "Runtime" in properties:
            properties["Runtime"] = RUNTIME

    def _upload(self, name: str, body: bytes) -> None:
        try:
            self.aws.s3.head_object(Bucket=BUCKET, Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            self.aws.s3.put_object(Bucket=BUCKET, Key=name, Body=body)


def _is_path(value: object) -> bool:
    return isinstance(value, str) and "://" not in value
