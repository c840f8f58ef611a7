"""Fuzz the decoder of one source, guided by what its bodies reach: ``make fuzz BODIES=1000000``.

Bodies grow from the source's fixtures, half by bytes and half by JSON values. Whatever is neither
sound scans nor the source's own refusal ends the run, with the body in ``build/fuzz``.
"""

import json
import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["vtr"]):
    from vtr.sources import source

    source(sys.argv[1])  # a source is imported when it is asked for

from support.fuzzing import bodies_of, damaged, decode_or_refuse


def mutate(body: bytes, limit: int, seed: int) -> bytes:
    """Damage *body* as JSON where it is some, else by bytes; *limit* is its greatest length."""
    chance = Random(seed)  # noqa: S311 not for secrets
    if chance.random() < 0.5:
        try:
            return damaged(json.loads(body), chance)[:limit]
        except (ValueError, RecursionError):
            pass
    mutated: bytes = atheris.Mutate(body, limit)
    return mutated


def main() -> None:
    name, bodies, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) / sys.argv[1]
    folder.mkdir(parents=True, exist_ok=True)
    for index, body in enumerate(bodies_of(name)):
        (folder / f"fixture-{index}").write_bytes(body)
    options = [f"-runs={bodies}", f"-artifact_prefix={folder}-", "-max_len=20000", "-verbosity=0"]
    atheris.Setup(
        [sys.argv[0], *options, "-print_final_stats=1", str(folder)],
        lambda body: decode_or_refuse(name, body),
        custom_mutator=mutate,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
