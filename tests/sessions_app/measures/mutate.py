"""Mutation testing of change, alerts and statistics: `python -m tests.sessions_app.measures.mutate [module ...]`.

Each mutant changes one comparison, operator, number or condition in a copy of the package in a temporary
directory, and runs the module's tests there. Prints the share killed and every survivor, and writes what it found
into docs/mutation.md: figures and survivors of the modules that ran, the others' as they stood. Why a survivor may
live stands in survivors.json, by the mutant. Slow: not in CI's run.
"""

import ast
import copy
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Loaded before the forks, which would each load them otherwise.
import hypothesis
import numpy
import pytest
import scipy.optimize
import scipy.stats

PRELOADED = (hypothesis, numpy, scipy.optimize, scipy.stats)
# A slow machine kills no mutant; a quarter of the usual examples is enough beside the cases that are written out.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, database=None, max_examples=25, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("unhurried")

ROOT = Path(__file__).parents[3]
REASONS = Path(__file__).with_name("survivors.json")
RESULTS = ROOT / "docs" / "mutation.json"
REPORT = ROOT / "docs" / "mutation.md"
PATIENCE = 600  # seconds; a mutant that hangs so long counts as killed, one on a busy machine must not
AGAIN = "again"  # only what survived before: `make mutate MODULES="again results/intervals"`
HEAD = """# Mutation testing

Written by `make mutate` (`MODULES="results/change marks"` for some); not by hand. Each mutant changes one comparison,
operator, number or condition of a module of `sessions_app/measures/` and runs that module's tests; a mutant that no
test notices survives.

"""
TESTS = {
    "results/change": ["test_change.py"],
    "results/own_standing": ["test_own_standing.py"],
    "rules/base": ["test_alerts.py"],
    "rules/outcome": ["test_alerts.py", "test_state_filter.py"],
    "rules/alliance": ["test_alerts.py"],
    "rules/attendance": ["test_alerts.py"],
    "rules/wellbeing": ["test_who5.py"],
    "state_filter": ["test_state_filter.py"],
    "raters": ["test_raters.py"],
    "state_fit": ["test_state_fit.py"],
    "trajectory/check": ["test_trajectory_check.py"],
    "rules/alert_spans": ["test_alerts.py", "test_who5.py"],
    "results/intervals": ["test_statistics.py"],
    "results/funnel": ["test_statistics.py"],
    "results/suppression": ["test_suppression.py"],
    "results/linked_tables": ["test_linked_tables.py"],
    "results/survival": ["test_survival.py"],
    "results/progress": ["test_progress.py"],
    "results/resampling": ["test_resampling.py"],
    "results/no_change": ["test_resampling.py"],
    "verdict/patterns": ["test_patterns.py"],
    "results/aggregate": ["test_aggregate.py"],
    "marks": ["test_marks.py"],
    "instruments/base": ["test_instruments.py"],
    "instruments/outcome": ["test_instruments.py"],
    "instruments/alliance": ["test_instruments.py"],
    "instruments/lass": ["test_instruments.py"],
    "instruments/who5": ["test_instruments.py"],
}
COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}


def mutants(tree):
    """Yield (line, what, tree) for every mutant of a module, each in its own copy of the tree."""
    places = [(at, node) for at, node in enumerate(ast.walk(tree)) if list(variants(node))]
    for at, node in places:
        for number, (what, _) in enumerate(variants(node)):
            changed = copy.deepcopy(tree)
            target = next(other for place, other in enumerate(ast.walk(changed)) if place == at)
            list(variants(target))[number][1]()
            yield node.lineno, what, changed


def variants(node) -> Iterator[tuple[str, object]]:
    """Yield (description, function that changes the node in place)."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        new = COMPARISONS[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {new.__name__}", lambda: node.ops.__setitem__(0, new())
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield f"{type(node.op).__name__} -> {new.__name__}", lambda: setattr(node, "op", new())
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield f"{node.value} -> {node.value + 1}", lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.BoolOp):
        new = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} -> {new.__name__}", lambda: setattr(node, "op", new())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "- -> +", lambda: setattr(node, "op", ast.UAdd())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not removed", lambda: setattr(node, "op", ast.UAdd())


def survives(workplace, tests):
    """Whether the tests pass in the copy. In a fork, so that pytest, numpy and scipy are loaded only once.

    A mutant that hangs is ended by the alarm and counts as killed.
    """
    child = os.fork()
    if child == 0:
        signal.alarm(PATIENCE)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.chdir(workplace)
        sys.path.insert(0, str(workplace))
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.split(".")[0] in ("tests", "sessions_app")]:
            del sys.modules[name]
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none is needed, and each costs a second
        command = ["-x", "-q", "--noconftest", "--import-mode=importlib"]
        command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir=.", *tests]
        os._exit(int(pytest.main(command)))
    return os.waitpid(child, 0)[1] == 0


def run(module, workplace, only=None):
    """Run every mutant of a module; return how many there are and the survivors, each "mutant: its line".

    With `only` (survivors of an earlier run) the others count as killed, as they were then.
    """
    source = workplace / "sessions_app" / "measures" / f"{module}.py"
    original = source.read_text(encoding="utf-8")
    tests = [f"tests/sessions_app/measures/{name}" for name in TESTS[module]]
    count, survivors = 0, []
    for line, what, tree in mutants(ast.parse(original)):
        count += 1
        name = f"{module}: {what}: {original.splitlines()[line - 1].strip()}"
        if only is not None and name not in only:
            continue
        source.write_text(ast.unparse(tree), encoding="utf-8")
        if survives(workplace, tests):
            survivors.append(name)
            sys.stdout.write(f"{survivors[-1]}\n")
            sys.stdout.flush()
    source.write_text(original, encoding="utf-8")
    return count, survivors


def main(modules):
    """Print the share of mutants killed for each module, and the survivors."""
    again, modules = AGAIN in modules, [module for module in modules if module != AGAIN]
    standing = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory() as place:
        workplace = Path(place)
        for folder in ("sessions_app/measures", "tests/sessions_app/measures", "tests/data/oracle"):
            shutil.copytree(ROOT / folder, workplace / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for package in ("sessions_app", "tests"):
            (workplace / package / "__init__.py").touch()
        for module in modules or TESTS:
            tests = [f"tests/sessions_app/measures/{name}" for name in TESTS[module]]
            if not survives(workplace, tests):
                raise SystemExit(f"the tests of {module} fail without any mutant")
            count, survivors = run(module, workplace, standing.get(module, {}).get("survivors") if again else None)
            sys.stdout.write(f"{module}: {count - len(survivors)} of {count} killed\n")
            sys.stdout.flush()
            keep(module, count, survivors)


def keep(module, count, survivors):
    """Put a module's result beside the others', and write the report anew."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[module] = {"mutants": count, "survivors": survivors}
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    REPORT.write_text(report(results, json.loads(REASONS.read_text(encoding="utf-8"))), encoding="utf-8")


def report(results, reasons):
    """The page: a table of the modules, then each survivor with the reason; one without a reason says so."""
    lines = ["| module | mutants | killed | share |", "|---|---|---|---|"]
    for module in (name for name in TESTS if name in results):
        found = results[module]
        killed = found["mutants"] - len(found["survivors"])
        share = 100 * killed / found["mutants"]
        lines.append(f"| {module} | {found['mutants']} | {killed} | {share:.1f} % |")
    lines += ["", "## Survivors", "", "| mutant | line | why it lives |", "|---|---|---|"]
    for survivor in (one for name in TESTS if name in results for one in results[name]["survivors"]):
        module, what, line = survivor.split(": ", 2)
        reason = reasons.get(survivor, "**no reason yet**")
        lines.append(f"| {module}: {what} | `{line.replace('|', chr(92) + '|')}` | {reason} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
