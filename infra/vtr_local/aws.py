"""Clients of the emulated account, with its owner's credentials."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient

REGION = "us-east-1"
# The emulator's access key of the account's root user, which no policy restricts. The functions
# get credentials of their roles from the emulator instead.
OWNER = "test"


@dataclass(frozen=True)
class LocalAws:
    """The emulated account behind *endpoint*."""

    endpoint: str

    @cached_property
    def _session(self) -> "boto3.Session":
        import boto3  # noqa: PLC0415  slow to import, and most commands make no client

        return boto3.Session(
            aws_access_key_id=OWNER, aws_secret_access_key=OWNER, region_name=REGION
        )

    @cached_property
    def s3(self) -> "S3Client":
        client: S3Client = self._client("s3")
        return client

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        client: CloudFormationClient = self._client("cloudformation")
        return client

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        client: SecretsManagerClient = self._client("secretsmanager")
        return client

    @cached_property
    def functions(self) -> Any:
        return self._client("lambda")

    @cached_property
    def http_apis(self) -> Any:
        return self._client("apigatewayv2")

    def _client(self, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415

        # Use no proxy from the environment for our own machine.
        config = Config(retries={"max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})
        create: Any = self._session.client
        return create(service, endpoint_url=self.endpoint, config=config)
