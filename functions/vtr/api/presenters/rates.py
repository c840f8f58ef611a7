"""Rates, and the reports behind them, as the API shows them."""

from datetime import datetime

from msgspec.structs import asdict

from vtr.api.schemas import rates as schemas
from vtr.api.schemas.timestamps import moment
from vtr.domain.rates import Rate, Ratio, Tally
from vtr.domain.reports import Report
from vtr.domain.verdict import State
from vtr.use_cases.read_rates import PastRate


def rate_document(account: str, rate: Rate) -> schemas.Rate:
    policy = rate.policy
    return schemas.Rate(
        account=account,
        policy=policy.id,
        as_of=moment(rate.as_of),
        window=schemas.Window(from_=rate.first_day, to=rate.last_day, days=policy.window_days),
        target=schemas.Target(rate=float(policy.target), comparator=policy.comparator),
        overall=_counts(rate.overall, rate),
        categories=[
            schemas.CategoryRate(category=category, **asdict(_counts(tally, rate)))
            for category, tally in rate.categories.items()
        ],
    )


def history_document(history: list[PastRate]) -> schemas.RateHistory:
    return schemas.RateHistory(
        days=[
            schemas.DayRate(day=past.day, **asdict(_counts(past.rate.overall, past.rate)))
            for past in history
        ]
    )


def report_document(report: Report, now: datetime) -> schemas.Report:
    return schemas.Report(
        report_id=report.id,
        kind="tracking",
        status=report.status_at(now),
        from_=report.first_day,
        to=report.last_day,
        category=report.category,
        requested_at=moment(report.requested_at),
        finished_at=moment(report.finished_at),
        rows=report.rows if report.finished_at else None,
        bytes=report.bytes if report.finished_at else None,
        document_until=moment(report.document_until),
    )


def _counts(tally: Tally, rate: Rate) -> schemas.Counts:
    ratio, forecast = tally.ratio(rate.policy), tally.forecast(rate.policy)
    return schemas.Counts(
        packages=tally.packages,
        valid=tally.states[State.VALID],
        unconfirmed=tally.states[State.UNCONFIRMED],
        pending=tally.states[State.PENDING],
        exempt=tally.states[State.EXEMPT],
        rate=_decimal_of(ratio),
        status=ratio.status,
        forecast=schemas.Forecast(rate=_decimal_of(forecast), status=forecast.status),
        reasons={reason: tally.reasons[reason] for reason in sorted(tally.reasons)},
    )


def _decimal_of(ratio: Ratio) -> float | None:
    return None if ratio.rate is None else float(ratio.rate)
