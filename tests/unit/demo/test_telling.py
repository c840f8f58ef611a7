"""The books are told out of order, and whole."""

from collections import Counter
from datetime import date
from itertools import pairwise

from vtr_demo.shop import books_of
from vtr_demo.telling import edits, first_statements, scan_document, scans_as_they_come

BOOKS = books_of(date(2026, 11, 23))
SCANS = [scan for _, package in BOOKS.packages for scan in package.scans]


def test_no_scan_is_left_out_and_one_in_ten_comes_twice() -> None:
    told = Counter(scans_as_they_come(BOOKS))
    assert set(told) == set(SCANS)
    again = sum(told.values()) - len(SCANS)
    assert 0.07 < again / len(SCANS) < 0.13


def test_scans_come_late_and_out_of_order() -> None:
    told = scans_as_they_come(BOOKS)
    assert sum(one.at > other.at for one, other in pairwise(told)) > 300


def test_the_same_day_is_told_in_the_same_order() -> None:
    assert scans_as_they_come(BOOKS) == scans_as_they_come(books_of(BOOKS.today))


def test_every_statement_is_told_with_the_moment_it_was_made() -> None:
    told = [*first_statements(BOOKS), *edits(BOOKS)]
    assert len(told) == sum(len(package.statements) for _, package in BOOKS.packages)
    assert all(each.document["confirmed_at"].endswith("Z") for each in told)


def test_a_retraction_says_what_it_takes_back() -> None:
    taken_back = [scan_document(scan) for scan in SCANS if scan.retracts]
    assert {each["retracts"] for each in taken_back} == {"accepted"}
