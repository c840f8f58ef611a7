"""Conditional writes: translate what DynamoDB refuses into the ports' errors."""

from botocore.exceptions import ClientError
from pynamodb.exceptions import DeleteError, PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from vtr.adapters.dynamodb.tables import OrderItem, ParcelItem
from vtr.domain.errors import ConflictError


def save_version(item: OrderItem | ParcelItem, read_at: int, what: str) -> int:
    """Save an item if its version is still the one that it was *read_at*; return its new version.

    An item that did not exist has version 0.
    """
    if read_at:
        item.version = read_at
    if not save_if(item):
        raise ConflictError(f"{what} was written in between. Try again.")
    return int(item.version)


def delete_version(item: OrderItem | ParcelItem, read_at: int, what: str) -> None:
    """Delete an item if its version is still the one that it was *read_at*, or if it is gone.

    An attempt whose response was lost finds it gone.
    """
    kind = type(item)
    try:
        item.delete(
            kind.pk.does_not_exist() | (kind.version == read_at), add_version_condition=False
        )
    except DeleteError as error:
        if is_condition_failure(error):
            raise ConflictError(f"{what} was written in between. Try again.") from None
        raise


def save_new(item: ParcelItem, former_version: int, what: str) -> int:
    """Save an item that must not be there, in the place of one with another key.

    Return its version, which goes on from that of the former.
    """
    item.version = former_version
    try:
        item.save(ParcelItem.pk.does_not_exist(), add_version_condition=False)
    except PutError as error:
        if is_condition_failure(error):
            raise ConflictError(f"{what} was written in between. Try again.") from None
        raise
    return int(item.version)


def save_if(item: Model, condition: Condition | None = None) -> bool:
    """Save an item if the condition, and that on its version, hold; return whether they did."""
    try:
        item.save(condition)
    except PutError as error:
        if is_condition_failure(error):
            return False
        raise
    return True


def is_condition_failure(error: DeleteError | PutError | UpdateError) -> bool:
    # Without a response there is no code, but PynamoDB looks for one and fails.
    answered = isinstance(error.cause, ClientError)
    return answered and error.cause_response_code == "ConditionalCheckFailedException"
