"""One account learns nothing of another: what is another's looks like what never was.

Every route of the template is called with every id of another account in every place that takes
one, by every kind of key. Each call is made twice: once with what the other account has, once with
what nobody has. The two answers may differ in what the caller sent itself, and in nothing else.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from integration.deployment import Answer, Deployment, deployment
from integration.requests import UPS, a_line, a_package, a_scan, an_order
from support.aws import functions
from support.events import http_event
from vtr.domain.accounts import Scope
from vtr.use_cases.manage_keys import create_key, open_account

OTHER, CALLER = "other-seller", "curious-seller"
CATEGORY = "other-category"


@dataclass(frozen=True)
class Known:
    """What someone may have got hold of."""

    order: str
    package: str
    report: str
    document: str
    cursor: str
    account: str
    category: str


NOBODYS = Known(
    order="order-of-nobody",
    package="parcel-nobody",
    report="0" * 32,
    document=f"reports/nobody-seller/{'0' * 32}.csv",
    cursor="A" * 96,
    account="nobody-seller",
    category="nobodys-stuff",
)


@dataclass(frozen=True)
class Case:
    """A route as it is called: the scope it wants, and what else it is sent."""

    scope: Scope
    body: Callable[[Known, str], Any] = lambda _known, _number: None
    query: Callable[[Known], Mapping[str, str]] = lambda _known: {}


def _batch(known: Known, number: str) -> Any:
    return {"packages": [{**a_line(known.order, number), "package_id": known.package}]}


def _asked(known: Known) -> Mapping[str, str]:
    return {"cursor": known.cursor, "category": known.category}


CASES = {
    "PUT /v1/orders/{order_id}": Case(Scope.SUBMIT, lambda _known, _number: an_order()),
    "GET /v1/orders/{order_id}": Case(Scope.READ),
    "POST /v1/orders/{order_id}/cancellation": Case(Scope.SUBMIT, lambda _known, _number: {}),
    "PUT /v1/orders/{order_id}/packages/{package_id}": Case(
        Scope.SUBMIT, lambda _known, number: a_package(number)
    ),
    "GET /v1/orders/{order_id}/packages/{package_id}": Case(Scope.READ),
    "POST /v1/packages/batch": Case(Scope.SUBMIT, _batch),
    "GET /v1/packages": Case(Scope.READ, query=_asked),
    "GET /v1/rates": Case(Scope.READ, query=lambda known: {"account": known.account}),
    "GET /v1/rates/history": Case(Scope.READ, query=lambda known: {"account": known.account}),
    "POST /v1/reports": Case(Scope.REPORT, lambda known, _number: {"category": known.category}),
    "GET /v1/reports/{report_id}": Case(Scope.REPORT),
    "GET /v1/reports/{report_id}/document": Case(Scope.REPORT),
    "POST /v1/tracking-numbers/check": Case(
        Scope.SUBMIT, lambda _known, number: {"number": number}
    ),
    "GET /v1/carriers": Case(Scope.SUBMIT, query=lambda known: {"q": known.account}),
}
WITHOUT_A_KEY = {
    "GET /v1/health",
    "GET /v1/openapi.json",
    "GET /v1/docs",
    "POST /v1/webhooks/{source}",
    "POST /v1/webhooks/{source}/{secret}",
}
"""What answers everyone alike, or is proven by a source's secret: see `test_webhooks.py`."""

ROUTES = {
    f"{event['Properties']['Method']} {event['Properties']['Path']}"
    for function in functions().values()
    for event in function["Events"].values()
    if event["Type"] == "HttpApi" and "Path" in event["Properties"]
}
KEYS = [
    *(f"only {scope}" for scope in Scope),
    "every scope",
    "expired",
    "the other's, expired",
    "the other's, wrong secret",
    "malformed",
    "none",
]


@dataclass(frozen=True)
class Neighbours:
    """Two accounts in one deployment: what one has, and every kind of key of the one beside it."""

    vtr: Deployment
    theirs: Known
    key: str
    keys: Mapping[str, str]

    def ask(self, route: str, known: Known, place: str, field: str, key: str) -> Answer:
        """Call a route with one thing that is *known* in one *place* of its path."""
        method, _, path = route.partition(" ")
        value = {each.name: getattr(known, each.name) for each in fields(Known)}
        value |= {"order_id": known.order, "package_id": known.package, "report_id": known.report}
        for name in re.findall(r"\{(\w+)\}", path):
            chosen = value[field] if name == place else value[name]
            path = path.replace(f"{{{name}}}", quote(chosen, safe=""))
        case = CASES[route]
        number = UPS[1] if known is self.theirs else UPS[2]
        body, query = case.body(known, number), case.query(known)
        token = self.keys[key]
        return self.vtr.send(http_event(method, path, body=body, query=query, key=token))


@pytest.fixture(scope="module")
def neighbours() -> Iterator[Neighbours]:
    with deployment() as vtr:
        key = vtr.key(*Scope, account=OTHER)
        theirs = _everything_of(vtr, key)
        yield Neighbours(vtr, theirs, key, _keys(vtr, key))


def _everything_of(vtr: Deployment, key: str) -> Known:
    """An order with two packages, one scanned; a report that is done; a list with a next page."""
    facts = an_order(category=CATEGORY)
    for package, number in (("their-parcel", UPS[0]), ("their-parcel-2", UPS[3])):
        path = f"/v1/orders/order-of-theirs/packages/{package}"
        assert vtr.call("PUT", path, a_package(number, order=facts), key=key).status == 201
    vtr.scan(a_scan(UPS[0]))
    report = vtr.call("POST", "/v1/reports", {}, key=key).json["report_id"]
    vtr.settle()
    page = vtr.call("GET", "/v1/packages", key=key, query={"limit": "1"}).json
    return Known(
        order="order-of-theirs",
        package="their-parcel",
        report=report,
        document=f"reports/{OTHER}/{report}.csv",
        cursor=page["next_cursor"],
        account=OTHER,
        category=CATEGORY,
    )


def _keys(vtr: Deployment, others: str) -> dict[str, str]:
    """Every kind of key that someone else may try."""
    ports, now = vtr.aws.ports(), datetime.now(UTC)
    caller = open_account(ports, CALLER, "amazon-us")
    other = open_account(ports, OTHER, "amazon-us")
    gone = now - timedelta(seconds=1)
    return {
        **{f"only {scope}": create_key(ports, caller, [scope], now) for scope in Scope},
        "every scope": create_key(ports, caller, list(Scope), now),
        "expired": create_key(ports, caller, list(Scope), now, gone),
        "the other's, expired": create_key(ports, other, list(Scope), now, gone),
        "the other's, wrong secret": f"{others.rpartition('_')[0]}_{'x' * 43}",
        "malformed": "vtr_",
        "none": "",
    }


def _places(route: str) -> list[tuple[str, str]]:
    """Every place of a route's path with every thing that may be tried there."""
    places = re.findall(r"\{(\w+)\}", route)
    tried = [each.name for each in fields(Known)]
    return [(place, field) for place in places for field in tried] or [("", "")]


MATRIX = [
    pytest.param(route, place, field, id=f"{route} {place}={field}".rstrip(" ="))
    for route in sorted(CASES)
    for place, field in _places(route)
]


def _unsaid(answer: Answer, known: Known, number: str) -> tuple[int, str]:
    """An answer without what the caller sent, when it was given, and what was drawn for it."""
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    text = f"{headers}\n\n{answer.text}"
    for sent in (number, *sorted(astuple(known), key=len, reverse=True)):
        text = text.replace(sent, "<sent>")
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "<moment>", text)
    return answer.status, re.sub(r"\b[0-9a-f]{32}\b", "<report>", text)


def test_every_route_of_the_template_has_a_case() -> None:
    assert CASES.keys() | WITHOUT_A_KEY == ROUTES
    assert not CASES.keys() & WITHOUT_A_KEY


def test_the_other_account_finds_all_that_is_asked_for_here(neighbours: Neighbours) -> None:
    theirs, key = neighbours.theirs, neighbours.key
    package = f"/v1/orders/{theirs.order}/packages/{theirs.package}"
    found = [
        neighbours.vtr.call("GET", path, key=key)
        for path in (f"/v1/orders/{theirs.order}", package, f"/v1/reports/{theirs.report}")
    ]
    assert [answer.status for answer in found] == [200, 200, 200]
    assert CATEGORY in found[0].text
    asked = {"cursor": theirs.cursor}
    page = neighbours.vtr.call("GET", "/v1/packages", key=key, query={**asked, "limit": "1"})
    assert page.json["packages"][0]["package_id"] == "their-parcel-2"
    assert theirs.document in neighbours.vtr.aws.object_keys()


@pytest.mark.parametrize(("route", "place", "field"), MATRIX)
def test_what_is_anothers_looks_like_what_never_was(
    neighbours: Neighbours, route: str, place: str, field: str
) -> None:
    for key in KEYS:
        theirs = neighbours.ask(route, neighbours.theirs, place, field, key)
        nobodys = neighbours.ask(route, NOBODYS, place, field, key)
        seen = _unsaid(theirs, neighbours.theirs, UPS[1]), _unsaid(nobodys, NOBODYS, UPS[2])
        assert seen[0] == seen[1], key
        if key not in {"every scope", f"only {CASES[route].scope}"} and field != "document":
            assert theirs.status == (403 if key.startswith("only") else 401), key


def test_what_was_tried_left_nothing_with_the_other_account(neighbours: Neighbours) -> None:
    theirs, vtr = neighbours.theirs, neighbours.vtr
    path = f"/v1/orders/{theirs.order}"
    before = vtr.call("GET", path, key=neighbours.key).json
    tried = neighbours.keys["every scope"]
    vtr.call("PUT", path, an_order(category="books"), key=tried)
    vtr.call("PUT", f"{path}/packages/{theirs.package}", a_package(UPS[1]), key=tried)
    vtr.call("POST", f"{path}/cancellation", {}, key=tried)
    vtr.settle()
    assert vtr.call("GET", path, key=neighbours.key).json == before


def test_anothers_number_finds_what_nobodys_does(neighbours: Neighbours) -> None:
    def found(key: str, number: str) -> list[str]:
        query = {"tracking_number": number}
        page = neighbours.vtr.call("GET", "/v1/packages", key=key, query=query).json
        return [each["package_id"] for each in page["packages"]]

    assert found(neighbours.key, UPS[0]) == ["their-parcel"]
    assert found(neighbours.keys["every scope"], UPS[0]) == []


def test_a_cursor_of_anothers_list_is_refused(neighbours: Neighbours) -> None:
    asked = {"cursor": neighbours.theirs.cursor, "limit": "1"}
    tried = neighbours.keys["every scope"]
    answer = neighbours.vtr.call("GET", "/v1/packages", key=tried, query=asked)
    assert (answer.status, answer.json["code"]) == (400, "invalid_cursor")


def test_who_names_anothers_number_is_told_nothing_of_who_else_does(
    neighbours: Neighbours,
) -> None:
    """The scans of a parcel are told to whoever names it; who else has named it never is."""
    path, tried = "/v1/orders/mine/packages/1", neighbours.vtr.key(account="third-seller")
    answers = [
        neighbours.vtr.call("PUT", path, a_package(UPS[0]), key=tried),
        neighbours.vtr.call("GET", path, key=tried),
        neighbours.vtr.call("GET", "/v1/packages", key=tried),
    ]
    theirs = neighbours.theirs
    for answer in answers:
        for said in (theirs.account, theirs.order, theirs.package, theirs.category):
            assert said not in answer.text
    before = neighbours.vtr.call("GET", f"/v1/orders/{theirs.order}", key=neighbours.key).json
    assert before["packages"][0]["reason"] == "VALID"


def test_a_signed_url_opens_one_document_and_no_other(neighbours: Neighbours) -> None:
    vtr, theirs = neighbours.vtr, neighbours.theirs
    where = f"/v1/reports/{theirs.report}/document"
    url = vtr.call("GET", where, key=neighbours.key).headers["location"]
    assert urlsplit(url).path.endswith(theirs.document)
    files, signature = vtr.aws.ports().report_files, "X-Amz-Signature"
    other = files.url(theirs.document.replace(OTHER, CALLER), 300)
    same = files.url(theirs.document, 300)
    signed = [parse_qs(urlsplit(each).query) for each in (same, other)]
    assert signed[0][signature] != signed[1][signature]
    assert int(signed[0]["X-Amz-Expires"][0]) <= 300


def test_anothers_idempotency_key_does_not_bring_its_answer(neighbours: Neighbours) -> None:
    headers, body = {"idempotency-key": "guessed"}, an_order(category="books")
    path, tried = "/v1/orders/once", neighbours.keys["every scope"]
    answers = [
        neighbours.vtr.call("PUT", path, body, key=key, headers=headers)
        for key in (neighbours.key, tried)
    ]
    assert [answer.status for answer in answers] == [201, 201]
    assert "idempotent-replayed" not in answers[1].headers
