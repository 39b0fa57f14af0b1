"""How long a dispatch plan takes."""

import statistics
import time

from flexrev_xl import dispatch_plan


def test_plan_of_50_resources(capsys):
    """50 resources are planned within 100 ms once scipy is loaded; what loading it takes is printed beside."""
    rows = [
        [f"R{i}", "battery", 1.0 + i % 7, 2.0 + i % 11, None, 1, "", 0.0, 0.0, 0, 20.0 + 37 * i % 101]
        for i in range(50)
    ]
    times = []
    for _ in range(20):
        start = time.perf_counter()
        dispatch_plan(rows, 100, 2)
        times.append(time.perf_counter() - start)
    with capsys.disabled():
        print(
            f"\nplan of 50: {1e3 * statistics.median(times):.1f} ms, the first {1e3 * times[0]:.0f} ms (limit 100 ms)"
        )
    assert 0.1 >= statistics.median(times)
