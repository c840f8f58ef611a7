"""Carriers as the API shows them."""

from collections.abc import Iterable

from vtr.api.schemas.carriers import Carrier, CarrierList
from vtr.use_cases.list_carriers import ListedCarrier


def carriers_document(listed: Iterable[ListedCarrier]) -> CarrierList:
    return CarrierList(
        carriers=[
            Carrier(
                code=carrier.code,
                name=carrier.name,
                country=carrier.country,
                other_names=[n for n in carrier.names if n not in {carrier.code, carrier.name}],
                supported=supported,
            )
            for carrier, supported in listed
        ]
    )
