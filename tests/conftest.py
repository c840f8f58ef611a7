"""What holds for every test: no network, no AWS account, and Hypothesis without a stopwatch."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

TESTS = Path(__file__).parent
ON_LOOPBACK = ("e2e", "benchmarks", "unit/cli")
"""Folders whose tests talk to a server on this machine. All others open no socket at all."""

# Nobody's profile or credentials are for tests, nor are those of the machine that they run on.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

# The stack's name, as the template tells it to every function before its code is imported.
os.environ["POWERTOOLS_SERVICE_NAME"] = "vtr"

settings.register_profile(
    "vtr", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("thorough", settings.get_profile("vtr"), max_examples=2000)
settings.register_profile(
    "mutation",  # the same examples for every mutant, and a failure is not made smaller
    settings.get_profile("vtr"),
    derandomize=True,
    database=None,
    max_examples=30,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "vtr"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    folder = item.path.parent.relative_to(TESTS).as_posix()
    if folder.startswith(ON_LOOPBACK):
        enable_socket()
        socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
