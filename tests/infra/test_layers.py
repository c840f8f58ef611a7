"""Dependencies point one way, from the edge to the domain."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.modules import modules

FUNCTIONS = Path(__file__).parents[2] / "functions"

LAYERS = {
    "vtr.domain": ("vtr.domain",),
    "vtr.ports": ("vtr.domain", "vtr.ports"),
    "vtr.use_cases": ("vtr.domain", "vtr.ports", "vtr.use_cases"),
    "vtr.sources": ("vtr.domain", "vtr.sources"),
    "vtr.sources.shared.rsa": ("cryptography", "vtr.domain", "vtr.sources"),
    "vtr.messages": ("msgspec", "vtr.domain", "vtr.ports"),
    "vtr.adapters": (
        *("vtr.adapters", "vtr.domain", "vtr.messages", "vtr.ports"),
        *("boto3", "botocore", "msgspec", "pynamodb"),
        *("types_boto3_s3", "types_boto3_secretsmanager", "types_boto3_sqs"),
    ),
    "vtr.settings": (),
    "vtr.clock": (),
    "vtr.observability": ("aws_lambda_powertools",),
    "vtr.bootstrap": (
        *("vtr.adapters", "vtr.clock", "vtr.settings"),
        "aws_lambda_powertools.utilities.idempotency",
    ),
    "vtr.queue_worker": (
        *("aws_lambda_powertools", "vtr.bootstrap", "vtr.domain", "vtr.observability"),
    ),
    "vtr.api": (
        *("aws_lambda_powertools", "msgspec", "vtr.api", "vtr.bootstrap", "vtr.clock"),
        *("vtr.domain", "vtr.observability", "vtr.use_cases"),
    ),
    "vtr.api.schemas": ("msgspec", "vtr.api.schemas", "vtr.domain"),
}
"""What each layer may import beside the standard library. Nothing here names infra or tests."""

HANDLER = (
    *("aws_lambda_powertools", "msgspec"),
    *("vtr.api", "vtr.bootstrap", "vtr.clock", "vtr.domain", "vtr.messages"),
    *("vtr.observability", "vtr.ports", "vtr.queue_worker", "vtr.sources", "vtr.use_cases"),
)
"""What a handler may import beside its own package: no other handler, no adapter, no client."""


def imports(source: str, known: set[str]) -> Iterator[str]:
    """Each module that a source imports, wherever in it; a *known* one by its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "an import that is relative hides the layer it reaches into"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else str(node.module)


def allowed_for(module: str) -> tuple[str, ...]:
    """The rule for a module: that of the most specific layer it lies in, or a handler's."""
    layers = [layer for layer in LAYERS if within(module, layer)]
    return LAYERS[max(layers, key=len)] if layers else (*HANDLER, module.partition(".")[0])


def within(module: str, layer: str) -> bool:
    return module == layer or module.startswith(f"{layer}.")


def breaches(root: Path) -> list[str]:
    """Every import that no rule allows."""
    known = modules(root)
    return [
        f"{module} imports {imported}"
        for module, path in sorted(known.items())
        for imported in imports(path.read_text("utf-8"), set(known))
        if imported.partition(".")[0] not in sys.stdlib_module_names
        and not any(within(imported, allowed) for allowed in allowed_for(module))
    ]


def test_every_import_keeps_to_its_layer() -> None:
    assert breaches(FUNCTIONS) == []


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        ("vtr/domain/rates.py", "import msgspec", "vtr.domain.rates imports msgspec"),
        (
            "vtr/domain/rates.py",
            "def now():\n    from vtr import clock",
            "vtr.domain.rates imports vtr.clock",
        ),
        (
            "vtr/use_cases/submit.py",
            "from vtr.adapters.dynamodb.table_keys import order_pk",
            "vtr.use_cases.submit imports vtr.adapters.dynamodb.table_keys",
        ),
        (
            "vtr/adapters/dynamodb/orders.py",
            "from vtr.use_cases import submit",
            "vtr.adapters.dynamodb.orders imports vtr.use_cases.submit",
        ),
        (
            "vtr/sources/ups.py",
            "from vtr.ports import Row",
            "vtr.sources.ups imports vtr.ports",
        ),
        (
            "read_rates/handler.py",
            "from submit_tracking.schemas import OrderPath",
            "read_rates.handler imports submit_tracking.schemas",
        ),
        ("read_rates/handler.py", "import boto3", "read_rates.handler imports boto3"),
        (
            "read_rates/handler.py",
            "from vtr.adapters.dynamodb.rates import DynamoRates",
            "read_rates.handler imports vtr.adapters.dynamodb.rates",
        ),
        (
            "vtr/bootstrap.py",
            "from vtr_local.aws import LocalAws",
            "vtr.bootstrap imports vtr_local.aws",
        ),
    ],
)
def test_an_import_against_the_rule_is_found(
    tmp_path: Path, module: str, source: str, breach: str
) -> None:
    for name in (
        module,
        "vtr/clock.py",
        "vtr/adapters/dynamodb/rates.py",
        "vtr/use_cases/submit.py",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source if name == module else "", encoding="utf-8")
    assert breaches(tmp_path) == [breach]


@pytest.mark.parametrize(
    "module",
    ["vtr/domain/rates.py", "vtr/use_cases/submit.py", "read_rates/handler.py"],
)
def test_the_standard_library_and_the_domain_are_open_to_all(tmp_path: Path, module: str) -> None:
    file = tmp_path / module
    file.parent.mkdir(parents=True)
    file.write_text("import json\nfrom vtr.domain.packages import Order\n", encoding="utf-8")
    assert breaches(tmp_path) == []
