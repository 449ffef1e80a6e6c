"""As BuildRounds, for the original: builds and hashes the schema of a project, and tells how long each round took."""

import sys
import time
from pathlib import Path

begin = time.perf_counter_ns()

from confiture.core.builder import SchemaBuilder  # noqa: E402

project, rounds, warming = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
builder = SchemaBuilder(env="local", project_dir=project)


def taken(work):
    start = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - start


first = taken(builder.build) + taken(builder.compute_hash)
print("hash", builder.compute_hash(), sep="\t")
print("first", first, sep="\t")
if rounds:
    until = time.perf_counter_ns() + warming * 1_000_000
    while time.perf_counter_ns() < until:
        builder.build()
        builder.compute_hash()
    print("build", ",".join(str(taken(builder.build)) for _ in range(rounds)), sep="\t")
    print("hashed", ",".join(str(taken(builder.compute_hash)) for _ in range(rounds)), sep="\t")
