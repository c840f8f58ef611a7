"""The list of packages, page by page."""

from datetime import datetime

from read_rates.schemas import PackagesQuery
from vtr.api.cursors import read_cursor, write_cursor
from vtr.api.presenters.orders import package_document
from vtr.api.schemas.orders import PackageList
from vtr.domain.accounts import Account
from vtr.domain.errors import FieldProblem, InvalidRequestError
from vtr.ports import Ports
from vtr.use_cases.policy_in_force import days_asked_for, require_kept_days
from vtr.use_cases.read_packages import PackageFilter, find_packages, list_packages


def list_document(
    ports: Ports, account: Account, query: PackagesQuery, now: datetime
) -> PackageList:
    if query.tracking_number is not None:
        return _found(ports, account, query, query.tracking_number, now)
    first_day, last_day = days_asked_for(ports, account, query.from_, query.to, now)
    require_kept_days(ports, account, first_day, now)
    wanted = PackageFilter(
        first_day=first_day,
        last_day=last_day,
        state=query.state,
        reason=query.reason,
        category=query.category and query.category.strip(),
    )
    after = read_cursor(account, query.filters, query.cursor) if query.cursor else None
    page = list_packages(ports, account, wanted, now, after=after, limit=int(query.limit))
    return PackageList(
        packages=[package_document(package) for package in page.packages],
        next_cursor=write_cursor(account, query.filters, page.after) if page.after else None,
    )


def _found(
    ports: Ports, account: Account, query: PackagesQuery, number: str, now: datetime
) -> PackageList:
    if query != PackagesQuery(tracking_number=number):
        remedy = "Leave out the other parameters: one number has one page of packages at most."
        raise InvalidRequestError(FieldProblem("tracking_number", "must stand alone", remedy))
    packages = find_packages(ports, account, number, now)
    return PackageList(packages=list(map(package_document, packages)), next_cursor=None)
