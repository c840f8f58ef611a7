"""AWS clients: creating them is most of a cold start, so they share what can be shared.

botocore's, not boto3's: boto3 would add a tenth to the cold start and nothing that is used here.
"""

import os
from functools import cache
from typing import Any, NamedTuple, TypedDict

import botocore
import msgspec
from botocore.config import Config
from botocore.loaders import Loader
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory
from botocore.serialize import JSONSerializer
from botocore.session import get_session

from vtr.domain.errors import ThrottledError

SERVICES = ["dynamodb", "s3", "secretsmanager", "sqs"]
USER_AGENT = f"vtr Botocore/{botocore.__version__}"

THROTTLING_CODES = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
}
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""


class Budget(NamedTuple):
    """How long a client waits for a call: ``attempts``, the first one included, with pauses.

    A function must not be killed while a client waits, so ``longest`` is less than its timeout in
    ``template.yaml``: then a stalled connection costs an attempt, not the request.
    """

    connect_seconds: float
    read_seconds: float
    attempts: int

    @property
    def longest(self) -> float:
        """The seconds after which the last attempt has failed.

        The client pauses for up to 1, 2, 4 … seconds, 20 at most, between attempts.
        https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
        """
        pauses: int = sum(min(1 << retry, 20) for retry in range(self.attempts - 1))
        return self.attempts * (self.connect_seconds + self.read_seconds) + pauses

    @property
    def config(self) -> Config:
        retries: Any = {"mode": "standard", "total_max_attempts": self.attempts}
        return Config(
            connect_timeout=self.connect_seconds, read_timeout=self.read_seconds, retries=retries
        )


WEBHOOK_BUDGET = Budget(1, 2, 2)
"""For what a webhook waits for: its sender gives up early, and some never send it again."""

BUDGETS = {
    "dynamodb": Budget(1, 2, 3),
    "s3": Budget(1, 5, 3),
    "secretsmanager": WEBHOOK_BUDGET,
    "sqs": WEBHOOK_BUDGET,
}


class _Data(Loader):
    """botocore's data, limited to the services that are used here."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """Return these few; botocore would look into the folders of all four hundred."""
        return SERVICES


class _Value(TypedDict, total=False):
    S: str
    N: str
    B: bytes
    BOOL: bool


_Item = dict[str, _Value]


class _Items(TypedDict, total=False):
    """A DynamoDB response with many items."""

    Items: list[_Item]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: _Item
    Responses: dict[str, list[_Item]]
    UnprocessedKeys: dict[str, Any]


class _Parser(JSONParser):
    """botocore's parser, except for responses with many items, which it walks value by value."""

    _items = msgspec.json.Decoder(_Items)

    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        if shape.name in {"QueryOutput", "BatchGetItemOutput"}:
            return self._items.decode(raw_body)
        return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]  # untyped


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> ResponseParser:
        return _Parser() if protocol_name == "json" else super().create_parser(protocol_name)


class KeySerializer(JSONSerializer):
    """botocore's serializer, but keys of many items, which are already JSON, are not walked."""

    def _serialize_type_list(self, serialized: Any, value: Any, shape: Any, key: Any) -> None:
        if shape.name == "KeyList":
            serialized[key] = value
        else:
            super()._serialize_type_list(serialized, value, shape, key)  # type: ignore[misc]  # untyped


class Clients:
    """One client per service, created on first use, all from one session.

    Each further session would read botocore's megabytes of data again.
    """

    def __init__(self) -> None:
        self.session = get_session()
        self.session.register_component("data_loader", _data())
        self.session.register_component("response_parser_factory", _Parsers())
        # By default botocore builds its user agent from thirty parts on every call.
        self.session.set_default_client_config(Config(user_agent=USER_AGENT))
        self.session.register("after-call.dynamodb", _raise_if_throttled)
        self._made: dict[tuple[str, Budget], Any] = {}

    def __call__(self, service: str, budget: Budget | None = None) -> Any:
        """Return a service's client, with its service's budget if no other is given."""
        budget = budget or BUDGETS[service]
        if (service, budget) not in self._made:
            config = budget.config.merge(_s3_config()) if service == "s3" else budget.config
            self._made[service, budget] = self.session.create_client(service, config=config)
        return self._made[service, budget]


def _raise_if_throttled(**call: Any) -> None:
    """Translate what is left when the client has retried as often as it may."""
    if call["parsed"].get("Error", {}).get("Code") in THROTTLING_CODES:
        raise ThrottledError


@cache
def _data() -> Loader:
    return _Data()


def _s3_config() -> Config:
    """Sign URLs as every region accepts them; our own endpoint has no host name per bucket."""
    own_endpoint = "AWS_ENDPOINT_URL" in os.environ
    style: Any = {"addressing_style": "path" if own_endpoint else "virtual"}
    return Config(signature_version="s3v4", s3=style)
