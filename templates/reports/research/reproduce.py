"""Works the results out anew from episodes.csv and compares them with results.csv, digit for digit; then reads all
formats and compares each mean. python reproduce.py in the unpacked folder; needs pandas, pyarrow, pyreadstat, scipy."""

import math
import sys

import pandas
import pyreadstat
from scipy import stats

Z = stats.norm.ppf(0.975)
BANDS = {"0-9": (0, 100), "10-14": (100, 150), "15-19": (150, 200), "20-24": (200, 250), "25-": (250, 1000)}
REASONS = ("open", "no_score", "one_score", "missing_at_intake", "rater_changed")


def points(tenths):
    said = f"{tenths / 10:.1f}"
    return "0.0" if said == "-0.0" else said


def share(part, whole):
    p = part / whole
    centre, half = p + Z**2 / (2 * whole), Z * math.sqrt(p * (1 - p) / whole + Z**2 / (4 * whole**2))
    low = 0 if part == 0 else (centre - half) / (1 + Z**2 / whole)
    high = 1 if part == whole else (centre + half) / (1 + Z**2 / whole)
    return {name: f"{100 * value:.0f}" for name, value in (("share", p), ("low", low), ("high", high))}


def group(rows, all_first, reliability):
    first, change = rows.outcome_first.mean(), (rows.outcome_last - rows.outcome_first).mean()
    return {
        "": str(len(rows)),
        ".first": points(first),
        ".last": points(first + change),
        ".change": points(change),
        ".without": points(-(1 - reliability) * (first - all_first)),
    }


def results(rows, constant):
    used = rows[rows.not_counted.isna()]
    gain, limit = used.outcome_last - used.outcome_first, constant("reliable_change")
    clear = constant("change_by_error") * (1 + 1e-12)
    better, worse = int((gain >= limit).sum()), int((gain <= -limit).sum())
    below = used.outcome_first < used.cutoff
    found = {reason: (rows.not_counted == reason).sum() for reason in REASONS} | {
        "begun": len(rows),
        "closed": (rows.closed == "yes").sum(),
        "used": len(used),
        "better": better,
        "same": len(used) - better - worse,
        "worse": worse,
        "clearly_better": (gain >= clear).sum(),
        "clearly_worse": (gain <= -clear).sum(),
        "recovered": (below & (gain >= limit) & (used.outcome_last >= used.cutoff)).sum(),
        "sessions": f"{rows.sessions.mean():.1f}",
    }
    if rows.alliance_first.notna().any():
        found["alliance"] = points(rows.alliance_first.mean())
    if used.empty:
        return found
    for name, count in (("better", better), ("worse", worse)):
        found |= {f"{name}.{what}": value for what, value in share(count, len(used)).items()}
    first = used.outcome_first.mean()
    found |= {"first": points(first), "last": points(used.outcome_last.mean()), "change": points(gain.mean())}
    if len(used) > 1:
        half = stats.t.ppf(0.975, len(used) - 1) * gain.std() / math.sqrt(len(used))
        found |= {"change.low": points(gain.mean() - half), "change.high": points(gain.mean() + half)}
    if used.outcome_first.nunique() > 1:
        d = (used.outcome_last.mean() - first) / used.outcome_first.std()
        found["effect"] = f"{d:.2f}"
        if len(used) >= 60:
            r = used.outcome_first.corr(used.outcome_last) if used.outcome_last.nunique() > 1 else 0
            half = Z * math.sqrt(2 * (1 - r) / len(used) + d * d / (2 * len(used)))
            found |= {"effect.low": f"{d - half:.2f}", "effect.high": f"{d + half:.2f}"}
    groups = {"below_cutoff": used[below], "from_cutoff": used[~below]}
    groups |= {
        name: used[(used.outcome_first >= low) & (used.outcome_first < high)] for name, (low, high) in BANDS.items()
    }
    for name, some in groups.items():
        if len(some):
            lines = group(some, first, constant("reliability"))
            found |= {f"began.{name}{what}": value for what, value in lines.items()}
    return found


def main():
    wrong = 0
    episodes = pandas.read_csv("episodes.csv")
    page = dict(pandas.read_csv("results.csv", dtype=str).itertuples(index=False))
    constants = dict(pandas.read_csv("constants.csv").itertuples(index=False))
    found = {}
    for form, rows in episodes.groupby("outcome_form"):
        lines = results(rows, lambda name, form=form: constants[f"{form}.{name}"])
        found |= {f"{form}.{name}": str(value) for name, value in lines.items()}
    for name, value in page.items():
        if found.get(name) != value:
            wrong += 1
            sys.stdout.write(f"{name}: the page says {value}, here it is {found.get(name)}\n")
    sys.stdout.write(f"pandas, results: {len(page) - wrong} of {len(page)} figures are the same to the last digit\n")
    for table, rows in pandas.read_csv("means.csv").groupby("table"):
        read = {
            "csv": pandas.read_csv(f"{table}.csv"),
            "parquet": pandas.read_parquet(f"{table}.parquet"),
            "sav": pyreadstat.read_sav(f"{table}.sav")[0],
            "dta": pyreadstat.read_dta(f"{table}.dta")[0],
        }
        for ending, columns in read.items():
            for line in rows.itertuples():
                values = columns[line.column]
                if values.notna().sum() != line.n or abs(values.mean() - line.mean) > 1e-9:
                    wrong += 1
                    sys.stdout.write(f"{table}.{ending}, {line.column}: another mean\n")
            sys.stdout.write(f"Python, {table}.{ending}: {len(rows)} means compared to 1e-9\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
