"""Whose number is it: speed and accuracy beside two published packages.

Accuracy is measured on ``published_numbers.tsv``: numbers that carriers' documents, open test
suites and public reports publish with their carrier, or (``-``) as nobody's. These were known when
the catalogue was written, so the figures show that nothing is lost, and are no forecast for numbers
yet unseen. What counts is the family that a number speaks for: a package that names the postal
standard instead of a post counts as right for every post. A number is also stated under ten big
carriers that it does not belong to, nor shows that they hand it over: each should be told, and its
own carrier suggested. Four numbers that are published under a carrier and fail its own check digit
stand as nobody's: under that carrier they are called malformed. Speed is that of distinct numbers,
on one core, with nothing remembered.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.figures import ROUNDS, Budget, Figure, cpu_seconds
from benchmarks.identify_peers import NPM_PEER, PYPI_PEER, PeerError, ask_npm_peer, ask_pypi_peer
from vtr.domain.carriers import folded, resolve
from vtr.domain.carriers.families import family_of
from vtr.domain.tracking_numbers import FormCheck, identify, shows_handover
from vtr.domain.tracking_numbers.catalogue import FORMATS

FUNCTIONS = Path(__file__).parents[2] / "functions"
PUBLISHED = Path(__file__).with_name("published_numbers.tsv")
MIXTURE_SIZE = 20_000
NOBODY = "-"
ANY_POST = "any post"
RIGHT = "published numbers: right family named"
FIRST = "published numbers: right family first"
WRONG = "published numbers: only wrong families named"
ACCEPTED = "published numbers: nobody's accepted"
BIG = ("usps", "ups", "fedex", "dhl", "ontrac", "amazon", "royal_mail", "dpd", "gls", "canada_post")
TOLD = {FormCheck.OTHER_CARRIER, FormCheck.MALFORMED}
BUDGETS = {RIGHT: Budget(at_least=96), WRONG: Budget(at_most=1)}
POSTS = {
    family_of(code) for entry in FORMATS if "s10_" in entry.format_id for code in entry.carriers
}

# What a day of a United States marketplace brings, in per cent; check digits come after.
MIXTURE = {
    "940011{16}": 40,
    "1Z{6}03{8}": 25,
    "7{11}": 14,
    "{15}": 5,
    "LW{9}CN": 5,
    "TBA3{11}": 4,
    "YT24{14}": 3,
    "{10}": 2,
    "GFUS01{12}": 1,
    "00340434{12}": 1,
}

T = TypeVar("T")

Named = list[tuple[set[str], set[str]]]
"""For each number the families in first place, and all families that were named."""


class Peer(NamedTuple):
    name: str
    named: Named
    per_second: float


def figures() -> Iterator[Figure]:
    published = [line.split("\t") for line in PUBLISHED.read_text().splitlines()[1:]]
    numbers, carriers = [one for one, _ in published], [one for _, one in published]
    mixture = _mixture()
    peers = list(_peers(numbers, mixture))
    yield from _speed(mixture, peers)
    yield from _accuracy(numbers, carriers, peers)
    yield Figure(
        name="import of vtr.domain.tracking_numbers",
        value=min(_import_times("vtr.domain.tracking_numbers")),
        unit="ms",
        budget=Budget(at_most=15),
    )


def _peers(numbers: Sequence[str], mixture: Sequence[str]) -> Iterator[Peer]:
    for name, ask in ((PYPI_PEER, ask_pypi_peer), (NPM_PEER, ask_npm_peer)):
        try:
            answers = ask(numbers, mixture, ROUNDS)
        except PeerError as reason:
            print(f"left out: {name}: {reason}", file=sys.stderr)  # noqa: T201 - a benchmark
            continue
        codes = [{family_of(_code(one))} if one else set() for one in answers.names]
        yield Peer(name, [(code, code) for code in codes], answers.per_second)


def _speed(mixture: Sequence[str], peers: Sequence[Peer]) -> Iterator[Figure]:
    def identified() -> None:
        for number in mixture:
            identify(number)

    def judged() -> None:
        for number in mixture:
            identify(number).verdict  # noqa: B018 -- reading it is what is timed

    alone, with_verdict = (len(mixture) / took for took in cpu_seconds(identified, judged))
    fastest = max(peers, key=lambda peer: peer.per_second, default=None)
    yield Figure(name="identify", value=alone, unit="a second", budget=Budget(at_least=300_000))
    if fastest:
        yield Figure(
            name="identify, against the fastest peer",
            value=alone,
            unit="a second",
            beside=fastest.name,
            reference=fastest.per_second,
            budget=Budget(at_least=2),
            of_ratio=True,
        )
    yield Figure(name="identify, with the verdict read", value=with_verdict, unit="a second")


def _accuracy(
    numbers: Sequence[str], carriers: Sequence[str], peers: Sequence[Peer]
) -> Iterator[Figure]:
    found = [identify(number) for number in numbers]
    # Families that a number fits equally well share the first place: the remedy names them.
    ours = [
        (_families(one.tied or one.well_formed_for[:1]), _families(one.well_formed_for))
        for one in found
    ]
    for label, share in _shares(ours, carriers).items():
        theirs = [(_shares(peer.named, carriers)[label], peer.name) for peer in peers]
        better = min if label in {WRONG, ACCEPTED} else max
        best, name = better(theirs, default=(None, ""))
        budget = BUDGETS.get(label)
        yield Figure(name=label, value=share, unit="%", beside=name, reference=best, budget=budget)
    known = [(one, code) for one, code in zip(numbers, carriers, strict=True) if code != NOBODY]
    listed = sum(len(identify(number).well_formed_for) for number, _ in known) / len(known)
    yield Figure(
        name="families listed for a published number",
        value=listed,
        unit="families",
        budget=Budget(at_most=2),
    )
    yield from _stated(known)


def _stated(known: Sequence[tuple[str, str]]) -> Iterator[Figure]:
    """What is said of right numbers under wrong carriers, and under their own."""
    mistaken = [
        (family_of(code), identify(number, big))
        for number, code in known
        for big in BIG
        if family_of(big) != family_of(code)
        and not shows_handover(number, family_of(big), family_of(code))
    ]
    told = _per_cent(mistaken, lambda one: one[1].verdict in TOLD)
    suggested = _per_cent(mistaken, lambda one: family_of(one[1].suggested_carrier or "") == one[0])
    accused = _per_cent(known, lambda one: identify(*one).verdict in TOLD)
    for label, value, budget in (
        ("wrong carrier stated: told", told, Budget(at_least=97)),
        ("wrong carrier stated: right family suggested", suggested, Budget(at_least=80)),
        ("right carrier stated: accused all the same", accused, Budget(at_most=0.5)),
    ):
        yield Figure(name=label, value=value, unit="%", budget=budget)


def _families(codes: Iterable[str]) -> set[str]:
    return set(map(family_of, codes))


def _code(name: str) -> str:
    return ANY_POST if folded(name).startswith("s10") else resolve(name) or name


def _shares(named: Named, carriers: Sequence[str]) -> dict[str, float]:
    """Of the published numbers, per cent."""
    known = [
        (one, _right(family_of(code)))
        for one, code in zip(named, carriers, strict=True)
        if code != NOBODY
    ]
    nobodys = [one for one, code in zip(named, carriers, strict=True) if code == NOBODY]
    return {
        RIGHT: _per_cent(known, lambda one: bool(one[0][1] & one[1])),
        FIRST: _per_cent(known, lambda one: bool(one[0][0] & one[1])),
        WRONG: _per_cent(known, lambda one: bool(one[0][1]) and not one[0][1] & one[1]),
        ACCEPTED: _per_cent(nobodys, lambda one: bool(one[1])),
    }


def _right(family: str) -> set[str]:
    return {family, ANY_POST} if family in POSTS else {family}


def _per_cent(ones: Sequence[T], holds: Callable[[T], bool]) -> float:
    return 100 * sum(map(holds, ones)) / len(ones)


def _import_times(module: str) -> list[float]:
    """Milliseconds from the module's line of ``-X importtime``, everything it imports included."""
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run(  # noqa: S603 -- our own interpreter, our own words
            [sys.executable, "-X", "importtime", "-c", f"import {module}"],
            env={**os.environ, "PYTHONPATH": str(FUNCTIONS)},
            capture_output=True,
            text=True,
            check=True,
        )
        line = next(one for one in done.stderr.splitlines() if one.endswith(f" {module}"))
        times.append(int(line.split("|")[1]) / 1000)
    return times


def _mixture() -> list[str]:
    """Distinct numbers with the right check digits, in the proportions of ``MIXTURE``."""
    dice = random.Random(0)  # noqa: S311 -- a fixed sample, not a secret
    numbers: set[str] = set()
    while len(numbers) < MIXTURE_SIZE:
        template = dice.choices(list(MIXTURE), weights=list(MIXTURE.values()))[0]
        number = ""
        while not identify(number).well_formed_for:
            number = re.sub(r"\{(\d+)\}", lambda run: _digits(dice, int(run[1])), template)
        numbers.add(number)
    return sorted(numbers, key=lambda _: dice.random())


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))
