"""From the words of a story to those of the code under test."""

from simulation.story import Confirm, Facts, Reported, Waive
from vtr.domain.orders import OrderFacts
from vtr.domain.packages import Money
from vtr.domain.policies import Waiver
from vtr.domain.scans import Milestone, Physical, PhysicalBy, Scan, TimeTrust
from vtr.domain.submissions import Submission

MILESTONES = {
    "label": Milestone.LABEL_CREATED,
    "accepted": Milestone.ACCEPTED,
    "transit": Milestone.IN_TRANSIT,
    "delivered": Milestone.DELIVERED,
    "undone": Milestone.ADMIN_UPDATE,
}


def submission_of(said: Confirm) -> Submission:
    return Submission(
        order_id=said.order,
        package_id=said.package,
        carrier=said.label.carrier_typed,
        tracking_number=said.label.number_typed,
        ship_date=said.ship,
        method_class=said.method,
        facts=facts_of(said.facts) if said.facts else None,
        confirmed_at=said.stated_at,
    )


def facts_of(facts: Facts) -> OrderFacts:
    return OrderFacts(
        placed_at=facts.placed_at,
        category=facts.category,
        promised_delivery_date=facts.promised,
        value=None if facts.value is None else Money(facts.value, "USD"),
    )


def scan_of(told: Reported) -> Scan:
    return Scan(
        carrier=told.carrier,
        tracking_number=told.number,
        codes=(told.code,) if told.code else (),
        milestone=MILESTONES[told.kind],
        physical=Physical(told.physical),
        occurred_at=told.occurred_at,
        event_key=f"{told.carrier} {told.number} {told.kind} {told.occurred_at}",
        source="simulated",
        other_numbers=(told.linked,) if told.linked else (),
        physical_by=PhysicalBy.PARTNER if told.partner else PhysicalBy.CARRIER,
        time_trust=TimeTrust(told.trust),
        unique_id=told.unique_id,
        retracts=told.retracts,
        test=told.test,
    )


def waiver_of(told: Waive) -> Waiver:
    return Waiver(
        name=told.name, first_day=told.first, last_day=told.last, carriers=frozenset(told.carriers)
    )
