"""The wiring: every port with its AWS adapter, created on first use.

Importing this needs no environment and creates no client: a cold start pays only for what its
function uses.
"""

import os
from collections.abc import Callable
from datetime import datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from vtr.clock import now
from vtr.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

    from vtr.adapters.aws_clients import Clients
    from vtr.adapters.dynamodb.accounts import DynamoAccounts, DynamoKeys, DynamoWaivers
    from vtr.adapters.dynamodb.allowances import SharedAllowances
    from vtr.adapters.dynamodb.erasures import DynamoErasures
    from vtr.adapters.dynamodb.holds import DynamoHolds
    from vtr.adapters.dynamodb.orders import DynamoOrders
    from vtr.adapters.dynamodb.packages import DynamoPackages
    from vtr.adapters.dynamodb.parcels import DynamoParcels
    from vtr.adapters.dynamodb.rates import DynamoRates, DynamoReports
    from vtr.adapters.https import HttpsActivations, HttpsSigningKeys
    from vtr.adapters.s3.archive import S3Archive
    from vtr.adapters.s3.delivery_bodies import S3DeliveryBodies
    from vtr.adapters.s3.ended_days import S3EndedDays
    from vtr.adapters.s3.quarantine import S3Quarantine
    from vtr.adapters.s3.report_files import S3ReportFiles
    from vtr.adapters.s3.silent_parcels import S3SilentParcels
    from vtr.adapters.s3.stored_bodies import S3StoredBodies
    from vtr.adapters.s3.unknown_carriers import S3UnknownCarriers
    from vtr.adapters.secrets_manager import SecretsManagerSourceSecrets
    from vtr.adapters.sqs import (
        SqsDeliveries,
        SqsReceivedMessages,
        SqsRecounts,
        SqsReportQueue,
    )


class AwsPorts:
    """The ports of ``vtr.ports`` on AWS."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self._clock = clock
        self._tables_bound = False

    @cached_property
    def orders(self) -> "DynamoOrders":
        from vtr.adapters.dynamodb.orders import DynamoOrders

        self._need_table("orders")
        return DynamoOrders()

    @cached_property
    def parcels(self) -> "DynamoParcels":
        from vtr.adapters.dynamodb.parcels import DynamoParcels

        self._need_table("parcels")
        return DynamoParcels()

    @cached_property
    def packages(self) -> "DynamoPackages":
        from vtr.adapters.dynamodb.packages import DynamoPackages

        self._need_table("packages")
        return DynamoPackages()

    @cached_property
    def rates(self) -> "DynamoRates":
        from vtr.adapters.dynamodb.rates import DynamoRates

        self._need_table("rates")
        return DynamoRates()

    @cached_property
    def reports(self) -> "DynamoReports":
        from vtr.adapters.dynamodb.rates import DynamoReports

        self._need_table("rates")
        return DynamoReports()

    @cached_property
    def accounts(self) -> "DynamoAccounts":
        from vtr.adapters.dynamodb.accounts import DynamoAccounts

        self._need_table("accounts")
        return DynamoAccounts()

    @cached_property
    def keys(self) -> "DynamoKeys":
        from vtr.adapters.dynamodb.accounts import DynamoKeys

        self._need_table("accounts", "transient")
        return DynamoKeys()

    @cached_property
    def holds(self) -> "DynamoHolds":
        from vtr.adapters.dynamodb.holds import DynamoHolds

        self._need_table("accounts")
        return DynamoHolds()

    @cached_property
    def allowances(self) -> "SharedAllowances":
        from vtr.adapters.dynamodb.allowances import SharedAllowances, take_in_dynamo

        self._need_table("transient")
        return SharedAllowances(take_in_dynamo)

    @cached_property
    def kept_answers(self) -> "DynamoDBPersistenceLayer":
        """The store of responses to requests that carry an idempotency key."""
        from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

        self.settings.need("transient_table")
        name, client = self.settings.transient_table, self._client("dynamodb")
        return DynamoDBPersistenceLayer(name, key_attr="pk", boto3_client=client)

    @cached_property
    def waivers(self) -> "DynamoWaivers":
        from vtr.adapters.dynamodb.accounts import DynamoWaivers

        self._need_table("accounts")
        return DynamoWaivers()

    @cached_property
    def recounts(self) -> "SqsRecounts":
        from vtr.adapters.sqs import SqsRecounts

        self.settings.need("recounts_queue_url")
        url, slot = self.settings.recounts_queue_url, self.settings.recount_slot_seconds
        return SqsRecounts(self._client("sqs"), url, slot, self._clock)

    @cached_property
    def deliveries(self) -> "SqsDeliveries":
        from vtr.adapters.aws_clients import WEBHOOK_BUDGET
        from vtr.adapters.sqs import SqsDeliveries

        self.settings.need("scans_queue_url", "bucket")
        url, bucket = self.settings.scans_queue_url, self.settings.bucket
        bodies = partial(self._client, "s3", WEBHOOK_BUDGET)
        return SqsDeliveries(self._client("sqs"), url, bodies, bucket)

    @cached_property
    def delivery_bodies(self) -> "S3DeliveryBodies":
        from vtr.adapters.s3.delivery_bodies import S3DeliveryBodies

        self.settings.need("bucket")
        return S3DeliveryBodies(self._client("s3"), self.settings.bucket)

    @cached_property
    def report_queue(self) -> "SqsReportQueue":
        from vtr.adapters.sqs import SqsReportQueue

        self.settings.need("reports_queue_url")
        return SqsReportQueue(self._client("sqs"), self.settings.reports_queue_url)

    @cached_property
    def received_messages(self) -> "SqsReceivedMessages":
        from vtr.adapters.sqs import SqsReceivedMessages

        return SqsReceivedMessages(self._client("sqs"))

    @cached_property
    def report_files(self) -> "S3ReportFiles":
        from vtr.adapters.s3.report_files import S3ReportFiles

        self.settings.need("bucket")
        return S3ReportFiles(self._client("s3"), self.settings.bucket)

    @cached_property
    def ended_days(self) -> "S3EndedDays":
        from vtr.adapters.s3.ended_days import S3EndedDays

        self.settings.need("bucket")
        return S3EndedDays(self._client("s3"), self.settings.bucket)

    @cached_property
    def source_secrets(self) -> "SecretsManagerSourceSecrets":
        from vtr.adapters.secrets_manager import SecretsManagerSourceSecrets

        self.settings.need("source_secret_prefix")
        client = self._client("secretsmanager")
        return SecretsManagerSourceSecrets(client, self.settings.source_secret_prefix)

    @cached_property
    def signing_keys(self) -> "HttpsSigningKeys":
        from vtr.adapters.https import HttpsSigningKeys

        return HttpsSigningKeys()

    @cached_property
    def activations(self) -> "HttpsActivations":
        from vtr.adapters.https import HttpsActivations

        return HttpsActivations()

    @cached_property
    def archive(self) -> "S3Archive":
        from vtr.adapters.s3.archive import S3Archive

        self.settings.need("bucket")
        return S3Archive(self._client("s3"), self.settings.bucket)

    @cached_property
    def quarantine(self) -> "S3Quarantine":
        from vtr.adapters.s3.quarantine import S3Quarantine

        self.settings.need("bucket")
        return S3Quarantine(self._client("s3"), self.settings.bucket)

    @cached_property
    def stored_bodies(self) -> "S3StoredBodies":
        from vtr.adapters.s3.stored_bodies import S3StoredBodies

        self.settings.need("bucket")
        return S3StoredBodies(self._client("s3"), self.settings.bucket)

    @cached_property
    def erasures(self) -> "DynamoErasures":
        from vtr.adapters.dynamodb.erasures import DynamoErasures

        self._need_table("accounts")
        return DynamoErasures()

    @cached_property
    def unknown_carriers(self) -> "S3UnknownCarriers":
        from vtr.adapters.s3.unknown_carriers import S3UnknownCarriers

        self.settings.need("bucket")
        return S3UnknownCarriers(self._client("s3"), self.settings.bucket)

    @cached_property
    def silent_parcels(self) -> "S3SilentParcels":
        from vtr.adapters.s3.silent_parcels import S3SilentParcels

        self.settings.need("bucket")
        return S3SilentParcels(self._client("s3"), self.settings.bucket)

    def _need_table(self, *tables: str) -> None:
        """Bind the models to the deployed tables, once; *tables* must be among them."""
        from vtr.adapters.dynamodb.tables import TABLES, bind_tables

        self.settings.need(*(f"{table}_table" for table in tables))
        if not self._tables_bound:
            names = {each: getattr(self.settings, f"{each}_table") for each in TABLES}
            bind_tables({each: name for each, name in names.items() if name}, self._client.session)
            self._tables_bound = True

    @cached_property
    def _client(self) -> "Clients":
        from vtr.adapters.aws_clients import Clients

        return Clients()


@cache
def services() -> AwsPorts:
    """Return the ports of this function, configured by its environment."""
    return AwsPorts(Settings.from_env(os.environ))


def prepare(*ports: str) -> None:
    """Create these ports during init, which gets more CPU than the calls.

    Outside Lambda nothing is created: tests and type checkers import handlers, too.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        for port in ports:
            getattr(services(), port)
