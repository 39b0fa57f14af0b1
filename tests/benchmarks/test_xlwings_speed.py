"""What a call costs on xlwings' client-server path, against a floor measured in the same run."""

from tests.hosts.driving import ask, in_range


def ratio(capsys, title, trivial, arguments, rounds):
    """Our time over the trivial function's, printed with both."""
    ((ours, floor),) = ask(
        "speed_driver", [{"trivial": trivial, "arguments": arguments, "rounds": rounds}], package="tests.benchmarks"
    )
    with capsys.disabled():
        print(f"\n{title}: {1e6 * ours:,.0f} us, {trivial} {1e6 * floor:,.0f} us, ratio {ours / floor:.3f}")
    return ours / floor


def test_scalar_call(capsys):
    """A scalar call costs at most 1.5 times what a trivial function without type hints costs."""
    assert 1.5 >= ratio(capsys, "scalar", "without_hints", [20.0, 120147.05, 0.95], 3000)


def test_range_of_10_000_rows(capsys):
    """10,000 rows cost at most a tenth of what a trivial function with type hints costs."""
    rows = [
        in_range([[float(start + i % 7) / scale] for i in range(10_000)])
        for start, scale in ((20, 1), (100, 1), (1, 10))
    ]
    assert 0.1 >= ratio(capsys, "10,000 rows", "with_hints", rows, 5)
