"""`make bench`: run every module of this folder and print one line for each of its measurements."""

import importlib
import pkgutil
import sys

import bench


def main() -> int:
    """Print `name ratio limit`; 1 when a ratio is beyond its limit."""
    modules = [
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in ("__main__", "database")
    ]
    if not modules:
        print("NOT RUN: nothing is measured yet")
    too_slow = False
    for module in modules:
        for name, ratio, limit in importlib.import_module(f"bench.{module}").measure():
            too_slow |= ratio > limit
            print(f"{module}.{name}: {ratio:.2f} (limit {limit:.2f}){' TOO SLOW' if ratio > limit else ''}")
    return int(too_slow)


if __name__ == "__main__":
    sys.exit(main())
