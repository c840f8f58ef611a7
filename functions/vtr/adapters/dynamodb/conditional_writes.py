"""Conditional writes: what DynamoDB refuses is said in the ports' words."""

from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from vtr.adapters.dynamodb.tables import OrderItem, ParcelItem
from vtr.domain.errors import ConflictError


def save_version(item: OrderItem | ParcelItem, read_at: int, what: str) -> int:
    """Save an item on the condition that nobody wrote it since it was *read_at* that version.

    Answers its version from then on; an item that was not there has version 0.
    """
    if read_at:
        item.version = read_at
    if not save_if(item):
        raise ConflictError(f"{what} was written in between. Try again.")
    return int(item.version)


def save_if(item: Model, condition: Condition | None = None) -> bool:
    """Save an item if the condition holds, and that on its version; answers whether it did."""
    try:
        item.save(condition)
    except PutError as error:
        if is_condition_failure(error):
            return False
        raise
    return True


def is_condition_failure(error: PutError | UpdateError) -> bool:
    # PynamoDB looks for a code where no answer came, too, and trips over it.
    answered = isinstance(error.cause, ClientError)
    return answered and error.cause_response_code == "ConditionalCheckFailedException"
