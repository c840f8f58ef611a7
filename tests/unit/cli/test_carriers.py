"""`vtr carriers`: what may be named as a carrier, by a part of any of its names."""

import json
from typing import Any

from support.command_line import CommandLine
from support.stub_api import Answer, StubApi, stub_api

UPS: dict[str, Any] = {
    "code": "ups",
    "name": "UPS",
    "country": "US",
    "other_names": ["United Parcel Service", "a", "b", "c"],
    "supported": True,
}
GLS = {"code": "gls", "name": "GLS", "country": "NL", "other_names": [], "supported": False}


def asked(api: StubApi) -> list[dict[str, str]]:
    return [request.query for request in api.requests]


def test_each_carrier_is_a_row_with_what_else_it_goes_by(vtr: CommandLine) -> None:
    answer = Answer(200, {"carriers": [UPS, GLS]})
    with stub_api({"GET /v1/carriers": lambda _: answer}) as api:
        ran = vtr.speaking_to(api)("carriers")
    _, ups, gls = ran.out.splitlines()
    assert ups.split() == [
        "ups",
        "UPS",
        "US",
        "yes",
        "United",
        "Parcel",
        "Service,",
        "a,",
        "b,",
        "…",
    ]
    assert gls.split() == ["gls", "GLS", "NL", "no"]
    assert asked(api) == [{}]


def test_a_name_is_looked_for_by_the_api(vtr: CommandLine) -> None:
    answer = Answer(200, {"carriers": [GLS]})
    with stub_api({"GET /v1/carriers": lambda _: answer}) as api:
        ran = vtr.speaking_to(api)("carriers", "G.L.S", "--json")
    assert json.loads(ran.out) == {"carriers": [GLS]}
    assert asked(api) == [{"q": "G.L.S"}]


def test_a_name_that_nobody_goes_by_is_a_sentence(vtr: CommandLine) -> None:
    with stub_api({"GET /v1/carriers": lambda _: Answer(200, {"carriers": []})}) as api:
        ran = vtr.speaking_to(api)("carriers", "Pigeon Post")
    assert (ran.exit_code, ran.out) == (0, "")
    assert ran.err == "No carrier goes by 'Pigeon Post'. Try a shorter part of its name.\n"
