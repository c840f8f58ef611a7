"""The books are submitted out of order, and completely."""

from collections import Counter
from datetime import date
from itertools import pairwise

from vtr_demo.api_calls import edits, first_statements, scan_document, scans_as_they_come
from vtr_demo.shop import books_of

BOOKS = books_of(date(2026, 11, 23))
SCANS = [scan for _, package in BOOKS.packages for scan in package.scans]


def test_no_scan_is_left_out_and_one_in_ten_comes_twice() -> None:
    sent = Counter(scans_as_they_come(BOOKS))
    assert set(sent) == set(SCANS)
    again = sum(sent.values()) - len(SCANS)
    assert 0.07 < again / len(SCANS) < 0.13


def test_scans_come_late_and_out_of_order() -> None:
    sent = scans_as_they_come(BOOKS)
    assert sum(one.at > other.at for one, other in pairwise(sent)) > 300


def test_the_same_day_has_the_same_order() -> None:
    assert scans_as_they_come(BOOKS) == scans_as_they_come(books_of(BOOKS.today))


def test_every_statement_is_sent_with_the_moment_it_was_made() -> None:
    sent = [*first_statements(BOOKS), *edits(BOOKS)]
    assert len(sent) == sum(len(package.statements) for _, package in BOOKS.packages)
    assert all(each.document["confirmed_at"].endswith("Z") for each in sent)


def test_a_retraction_says_what_it_takes_back() -> None:
    taken_back = [scan_document(scan) for scan in SCANS if scan.retracts]
    assert {each["retracts"] for each in taken_back} == {"accepted"}
