#!/bin/sh
# statsmodels 0.15.0: a mixed model of 80 practitioners with 110 clients each, who differ by a tenth of the clients' own
# spread. The default way of fitting says "converged", a variance between practitioners of exactly nought, and a likelihood
# of infinity; another optimiser of the same package finds the variance that the analysis of variance finds, at a finite
# likelihood. Where the practitioners differ three times as much, both ways agree. Whoever takes the larger likelihood, or
# looks at `converged` only (and not at the warnings), reports that it makes no difference who somebody's practitioner is.
# Exits 1 when the default finds the variance, or says that it did not converge, or its likelihood is finite.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check --only-binary :all: statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
"$folder/v/bin/python" -W ignore - <<'PY'
import math
import sys

import numpy
import statsmodels.api as sm
from statsmodels import __version__

GROUPS, EACH, SPREAD = 80, 110, 6.5
group = numpy.repeat(range(GROUPS), EACH)
said = []
for between in (0.6, 2.0):
    draw = numpy.random.default_rng(5)
    change = 5 + draw.normal(0, between, GROUPS)[group] + draw.normal(0, SPREAD, GROUPS * EACH)
    by_group = change.reshape(GROUPS, EACH)
    anova = by_group.mean(axis=1).var(ddof=1) - by_group.var(axis=1, ddof=1).mean() / EACH
    model = sm.MixedLM(change, numpy.ones((len(change), 1)), groups=group)
    default, other = model.fit(), model.fit(method=["powell"])
    found = [(float(fit.cov_re[0, 0]), bool(fit.converged), float(fit.llf)) for fit in (default, other)]
    print(f"statsmodels {__version__}, practitioners' SD {between}: analysis of variance {anova:.3f}", end="")
    for name, (variance, converged, likelihood) in zip(("default", "powell"), found, strict=True):
        print(f"; {name} {variance:.3f}, converged={converged}, log-likelihood {likelihood:.1f}", end="")
    print()
    said.append((anova, *found))
(anova, default, other), (large, default_large, _other) = said
same = (
    default[0] == 0
    and default[1]
    and math.isinf(default[2])
    and math.isfinite(other[2])
    and abs(other[0] - anova) < 0.01
    and abs(default_large[0] - large) < 0.01
)
print("as described" if same else "CHANGED")
sys.exit(0 if same else 1)
PY
