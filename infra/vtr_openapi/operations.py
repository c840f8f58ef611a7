"""Every operation of the API: what it takes, what it returns, and how it can fail."""

from check_numbers.schemas import CarriersQuery, NumberBody, NumbersBody
from export_report.schemas import ReportBody, ReportPath
from read_rates.schemas import HistoryQuery, PackagesQuery
from submit_tracking.schemas import CancellationBody, OrderBody, PackageBody
from vtr.api.schemas.numbers import CheckedNumber, CheckedNumbers
from vtr.api.types import OrderPath, PackagePath
from vtr.domain.accounts import Scope
from vtr_openapi import answers, bodies
from vtr_openapi.inputs import (
    BatchBody,
    Delivery,
    DeliveryHeaders,
    DeliveryPath,
    IfNoneMatch,
    Once,
    SecretPath,
)
from vtr_openapi.operation import Answer, Body, Operation

ORDERS, NUMBERS, RATES = "Orders and packages", "Tracking numbers", "Rates"
REPORTS, SCANS, SERVICE = "Reports", "Scans", "Service"

TAGS = {
    ORDERS: "What the seller says: orders, their packages, and what becomes of them.",
    NUMBERS: "What can be known before anything is submitted: the carriers, and what the form of "
    "a tracking number tells.",
    RATES: "The valid tracking rate, and the packages behind each of its numbers.",
    REPORTS: "Packages as a file: ask for it, follow it, download it.",
    SCANS: "What carriers and aggregators push. Their signature takes the place of a key.",
    SERVICE: "The API itself. Needs no key.",
}

_ORDER = (answers.Order,)
_PACKAGE = (answers.Package,)

OPERATIONS = (
    Operation(
        id="putOrder",
        route="PUT /v1/orders/{order_id}",
        tag=ORDERS,
        summary="State an order's facts",
        description="The first write freezes the category; all else can be stated again. Facts "
        "may as well come inline with the order's first package.",
        scope=Scope.SUBMIT,
        path=OrderPath,
        headers=Once,
        body=Body(kinds=(OrderBody,), example=bodies.ORDER_BODY),
        answers={
            200: Answer("The order was known.", _ORDER),
            201: Answer("The order is new.", _ORDER),
        },
        codes=(
            *("category_frozen", "order_ended", "order_being_erased", "conflict"),
            "too_many_categories",
        ),
    ),
    Operation(
        id="getOrder",
        route="GET /v1/orders/{order_id}",
        tag=ORDERS,
        summary="Read an order with its packages",
        description="With all that is known of each package, and what was ever said of it.",
        scope=Scope.READ,
        path=OrderPath,
        answers={200: Answer("The order.", _ORDER)},
        codes=("order_not_found", "order_ended"),
    ),
    Operation(
        id="cancelOrder",
        route="POST /v1/orders/{order_id}/cancellation",
        tag=ORDERS,
        summary="Flag an order as cancelled",
        description="Its packages keep counting: a cancellation is a refund, and says nothing of "
        "tracking. Of several cancellations the earliest holds.",
        scope=Scope.SUBMIT,
        path=OrderPath,
        headers=Once,
        body=Body(kinds=(CancellationBody,), example=bodies.CANCELLATION_BODY, required=False),
        answers={200: Answer("The order, flagged.", _ORDER)},
        codes=("order_not_found", "order_ended", "order_being_erased", "conflict"),
    ),
    Operation(
        id="putPackage",
        route="PUT /v1/orders/{order_id}/packages/{package_id}",
        tag=ORDERS,
        summary="Confirm a package, or edit it",
        description="Carrier and number may be blank or wrong: that is recorded and judged, not "
        "refused. The same content again changes nothing. Once the carrier has delivered, another "
        "carrier, number or ship date is refused.",
        scope=Scope.SUBMIT,
        path=PackagePath,
        headers=Once,
        body=Body(kinds=(PackageBody,), example=bodies.PACKAGE_BODY),
        answers={
            200: Answer("The package was known; it says what you said last.", _PACKAGE),
            201: Answer("The package is new.", _PACKAGE),
        },
        codes=(
            "order_ended",
            *("category_frozen", "delivered", "too_many_edits", "order_full", "conflict"),
            "order_being_erased",
            *("order_unknown", "too_many_packages", "too_many_categories"),
        ),
    ),
    Operation(
        id="getPackage",
        route="GET /v1/orders/{order_id}/packages/{package_id}",
        tag=ORDERS,
        summary="Read one package",
        description="With its evidence and the history of all that was said of it.",
        scope=Scope.READ,
        path=PackagePath,
        answers={200: Answer("The package.", _PACKAGE)},
        codes=("package_not_found", "order_ended"),
    ),
    Operation(
        id="confirmBatch",
        route="POST /v1/packages/batch",
        tag=ORDERS,
        summary="Confirm up to 500 packages",
        description="JSON, or the marketplace's own tab-separated confirmation file. Each line is "
        "answered as if it had been sent alone, and none holds another one up: the answer is 200 "
        "even where every line was refused. The file's columns: `order-id`, `package-id`, "
        "`ship-date`, `carrier-name`, `tracking-number`, and if wanted `placed-at`, `category`, "
        "`promised-delivery-date`, `value-amount`, `value-currency`, `origin`, `destination`, "
        "`method-class`, `label-source`, `confirmed-at`.",
        scope=Scope.SUBMIT,
        headers=Once,
        body=Body(
            kinds=(BatchBody,),
            example=bodies.BATCH_BODY,
            texts={"text/tab-separated-values": bodies.BATCH_FILE},
        ),
        answers={
            200: Answer(
                "An answer for every line; with `Retry-After` where some are to be sent again.",
                (answers.BatchResult,),
                at_times=("Retry-After",),
            )
        },
        codes=("malformed_file",),
    ),
    Operation(
        id="checkNumbers",
        route="POST /v1/tracking-numbers/check",
        tag=NUMBERS,
        summary="Check tracking numbers",
        description="Whose number it is, whether it fits the carrier as stated, and what to do if "
        "it does not. One number is answered alone, up to 1,000 in a list. Nothing is recorded.",
        scope=Scope.SUBMIT,
        body=Body(kinds=(NumbersBody, NumberBody), example=bodies.NUMBERS_BODY),
        answers={200: Answer("What the form says.", (CheckedNumbers, CheckedNumber))},
    ),
    Operation(
        id="listCarriers",
        route="GET /v1/carriers",
        tag=NUMBERS,
        summary="List the carriers",
        description="Every carrier that a submission may name, by any of its names, and whether "
        "the marketplace can verify it. May be kept for an hour.",
        sample="?q=fedex",
        scope=Scope.SUBMIT,
        query=CarriersQuery,
        answers={200: Answer("The carriers.", (answers.CarrierList,), headers=("Cache-Control",))},
    ),
    Operation(
        id="getRate",
        route="GET /v1/rates",
        tag=RATES,
        summary="Read the rate",
        description="Overall and by category, as of now. A scan shows within two minutes.",
        scope=Scope.READ,
        answers={200: Answer("The rate.", (answers.Rate,))},
    ),
    Operation(
        id="getRateHistory",
        route="GET /v1/rates/history",
        tag=RATES,
        summary="Read the rate of past days",
        description="Each day's window judged with what is known now; the oldest day first.",
        sample="?days=30",
        scope=Scope.READ,
        query=HistoryQuery,
        answers={200: Answer("One rate a day.", (answers.RateHistory,))},
    ),
    Operation(
        id="listPackages",
        route="GET /v1/packages",
        tag=RATES,
        summary="List the packages behind any number",
        description="By anchor day, newest first. Without `from` and `to`: the rate's window. With "
        "`tracking_number`: those that name it, whatever their day, the last confirmed first.",
        sample="?reason=NO_SCAN&limit=50",
        scope=Scope.READ,
        query=PackagesQuery,
        answers={200: Answer("One page.", (answers.PackageList,))},
        codes=("invalid_cursor",),
    ),
    Operation(
        id="requestReport",
        route="POST /v1/reports",
        tag=REPORTS,
        summary="Ask for a report",
        description="It is written in the background: follow the `Location`.",
        scope=Scope.REPORT,
        headers=Once,
        body=Body(kinds=(ReportBody,), example=bodies.REPORT_BODY, required=False),
        answers={202: Answer("It is queued.", (answers.Report,), headers=("Location",))},
    ),
    Operation(
        id="getReport",
        route="GET /v1/reports/{report_id}",
        tag=REPORTS,
        summary="See how far a report is",
        description="A report that is done can be downloaded until `document_until`.",
        scope=Scope.REPORT,
        path=ReportPath,
        answers={200: Answer("The report.", (answers.Report,))},
        codes=("report_not_found",),
    ),
    Operation(
        id="getReportDocument",
        route="GET /v1/reports/{report_id}/document",
        tag=REPORTS,
        summary="Download a report",
        description="CSV in UTF-8, one line a package, sent with `Content-Encoding: gzip`: most "
        "clients unpack it, curl with `--compressed`. The URL is made anew for each call, works "
        "for 5 minutes, and wants no `Authorization` header.",
        scope=Scope.REPORT,
        path=ReportPath,
        answers={303: Answer("Where it is.", (answers.ReportDocument,), headers=("Location",))},
        codes=("report_not_found", "report_not_ready", "report_expired"),
    ),
    Operation(
        id="postDelivery",
        route="POST /v1/webhooks/{source}",
        tag=SCANS,
        summary="Push scans",
        description="Each source sends its own body and proves itself in its own way. Shown here "
        "is `standard`, for a carrier without an aggregator: signed after "
        "[Standard Webhooks](https://www.standardwebhooks.com). An authentic body is kept and "
        "answered at once: it is accepted even where it cannot be read. The answer to `standard` "
        "says how it was read; that to another source is what the source wants.",
        path=DeliveryPath,
        headers=DeliveryHeaders,
        body=Body(kinds=(Delivery,), example=bodies.DELIVERY_BODY),
        answers={200: Answer("The body is kept.", (answers.DeliveryAnswer,))},
        codes=("unauthentic_webhook", "source_not_found"),
    ),
    Operation(
        id="postDeliveryToSecretUrl",
        route="POST /v1/webhooks/{source}/{secret}",
        tag=SCANS,
        summary="Push scans to a secret URL",
        description="For sources that do not sign, or not only: the URL carries a secret. "
        "`ups/token` is where UPS fetches the token that it sends along (OAuth 2.0, client "
        "credentials).",
        path=SecretPath,
        body=Body(kinds=(Delivery,), example=bodies.DELIVERY_BODY),
        answers={200: Answer("The body is kept.", (answers.DeliveryAnswer,))},
        codes=("unauthentic_webhook", "source_not_found"),
    ),
    Operation(
        id="getHealth",
        route="GET /v1/health",
        tag=SERVICE,
        summary="Is the API up?",
        description="Answered without a look at any store.",
        answers={200: Answer("It is.", (answers.Health,))},
    ),
    Operation(
        id="getDescription",
        route="GET /v1/openapi.json",
        tag=SERVICE,
        summary="Read this description",
        description="Changes with a release alone; `ETag` and `If-None-Match` save the transfer.",
        headers=IfNoneMatch,
        answers={
            200: Answer("OpenAPI 3.1.", headers=("ETag",), of="object"),
            304: Answer("You have it already.", headers=("ETag",)),
        },
    ),
    Operation(
        id="getDocs",
        route="GET /v1/docs",
        tag=SERVICE,
        summary="Read this page",
        description="The description, to read.",
        headers=IfNoneMatch,
        answers={
            200: Answer("A page.", headers=("ETag",), media_type="text/html", of="string"),
            304: Answer("You have it already.", headers=("ETag",)),
        },
    ),
)
