"""The list of carriers over HTTP: all that can be named, and what of it is supported."""

import base64
import gzip
import json

from integration.deployment import Deployment
from integration.requests import a_package
from support.events import http_event

CARRIERS = "/v1/carriers"


def found(vtr: Deployment, q: str) -> list[str]:
    return [each["code"] for each in vtr.call("GET", CARRIERS, query={"q": q}).json["carriers"]]


def test_the_list_has_every_carrier_and_may_be_kept_by_the_account_alone(vtr: Deployment) -> None:
    answer = vtr.call("GET", CARRIERS)
    carriers = answer.json["carriers"]
    assert len(carriers) > 1000
    assert len({each["code"] for each in carriers}) == len(carriers)
    assert answer.headers["cache-control"] == "private, max-age=3600"
    assert "Authorization" in answer.headers["vary"]


def test_any_name_finds_a_carrier_however_it_is_spelt(vtr: Deployment) -> None:
    assert found(vtr, "United Parcel")[0] == "ups"
    assert "colis_prive" in found(vtr, "colis prive")
    assert "fedex_smartpost" in found(vtr, "FEDEX")
    assert found(vtr, "no carrier of the world") == []
    assert found(vtr, "--") == []


def test_each_says_whether_the_accounts_policy_supports_it(vtr: Deployment) -> None:
    listed = {each["code"]: each for each in vtr.call("GET", CARRIERS).json["carriers"]}
    for code in ("ups", "gls"):
        path = f"/v1/orders/114-{code}/packages/1"
        package = vtr.call("PUT", path, a_package(carrier=listed[code]["name"])).json
        assert package["carrier"]["code"] == code
        assert package["carrier"]["supported"] == listed[code]["supported"]
    assert listed["ups"]["supported"]
    assert not listed["gls"]["supported"]


def test_every_name_in_the_list_is_one_that_a_submission_may_give(vtr: Deployment) -> None:
    listed = vtr.call("GET", CARRIERS, query={"q": "ontrac"}).json["carriers"]
    (ontrac,) = [each for each in listed if each["code"] == "ontrac"]
    for number, name in enumerate([ontrac["code"], *ontrac["other_names"]]):
        path = f"/v1/orders/114-{number}/packages/1"
        stated = vtr.call("PUT", path, a_package(carrier=name)).json["carrier"]
        assert stated["code"] == "ontrac", name


def test_the_list_is_sent_as_gzip_to_those_who_take_it(vtr: Deployment) -> None:
    event = http_event("GET", CARRIERS, key=vtr.key(), headers={"Accept-Encoding": "gzip"})
    answer = vtr.send(event)
    assert answer.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(base64.b64decode(answer.text)))["carriers"]
