"""AWS clients: making them is most of a cold start, so they share what can be shared.

botocore's, not boto3's, which would add a tenth to the start and nothing that is used here.
"""

import os
from functools import cache
from typing import Any, TypedDict

import botocore
import msgspec
from botocore.config import Config
from botocore.loaders import Loader
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory
from botocore.serialize import JSONSerializer
from botocore.session import get_session

SERVICES = ["dynamodb", "s3", "secretsmanager", "sqs"]
USER_AGENT = f"vtr Botocore/{botocore.__version__}"


class _Data(Loader):
    """botocore's data on the services that are used here."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """Not by looking into the folders of all four hundred, as botocore would."""
        return SERVICES


class _Value(TypedDict, total=False):
    S: str
    N: str
    B: bytes
    BOOL: bool


_Item = dict[str, _Value]


class _Items(TypedDict, total=False):
    """What DynamoDB answers where it answers with many items."""

    Items: list[_Item]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: _Item
    Responses: dict[str, list[_Item]]
    UnprocessedKeys: dict[str, Any]


class _Parser(JSONParser):
    """botocore's, but for answers of many items: it walks through them value by value."""

    _items = msgspec.json.Decoder(_Items)

    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        if shape.name in {"QueryOutput", "BatchGetItemOutput"}:
            return self._items.decode(raw_body)
        return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]  # it is not typed


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> ResponseParser:
        return _Parser() if protocol_name == "json" else super().create_parser(protocol_name)


class KeySerializer(JSONSerializer):
    """botocore's, but does not walk through the keys of many items: they are JSON as they are."""

    def _serialize_type_list(self, serialized: Any, value: Any, shape: Any, key: Any) -> None:
        if shape.name == "KeyList":
            serialized[key] = value
        else:
            super()._serialize_type_list(serialized, value, shape, key)  # type: ignore[misc]  # it is not typed


class Clients:
    """Each service's client, made when it is first asked for, all of one session.

    A client of a session of its own would read botocore's megabytes of data again.
    """

    def __init__(self) -> None:
        self.session = get_session()
        self.session.register_component("data_loader", _data())
        self.session.register_component("response_parser_factory", _Parsers())
        # botocore would put its own name together anew for each call, from thirty parts.
        self.session.set_default_client_config(Config(user_agent=USER_AGENT))
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            config = _s3_config() if service == "s3" else None
            self._made[service] = self.session.create_client(service, config=config)
        return self._made[service]


@cache
def _data() -> Loader:
    return _Data()


def _s3_config() -> Config:
    """URLs signed as every region takes them; an endpoint of our own has no host a bucket."""
    own_endpoint = "AWS_ENDPOINT_URL" in os.environ
    style: Any = {"addressing_style": "path" if own_endpoint else "virtual"}
    return Config(signature_version="s3v4", s3=style)
