// What the order of names is in each language by ICU and CLDR, for tests/clients/test_sorting.py: `make collation`.
import { writeFileSync } from "node:fs";

const LANGUAGES = ["da", "nb", "sv"];
const NAMES = `Aage Aalborg Aase Adam Anna Dorte Dûr Emil Émile Emilie Haakon Hans Håkon Hø Luna Maarten Muller Mylius Myller Müller
  Nyberg Olsen Thor Thyge Turi Ulla Vang Wulff Zoe Zülow Ålund Åse Ägir Ægir Ǽgir Ängla Ðóra Đurđa Łukasz Ŋuvra Œrstad Ødis Ǿre Ørsted
  Östen Ősz Þór Ŧuomas Übel`.split(/\s+/);

const languages = {};
for (const language of LANGUAGES) {
  const { compare } = new Intl.Collator(language, { sensitivity: "base" });
  const groups = [];
  for (const name of NAMES.toSorted((one, other) => compare(one, other) || (one < other ? -1 : 1))) {
    const last = groups.at(-1);
    if (last && compare(last[0], name) === 0) last.push(name);
    else groups.push([name]);
  }
  languages[language] = groups;
}
const { icu, cldr } = process.versions;
// One language a line: a difference shows where it is.
const lines = Object.entries(languages).map(([language, groups]) => `    "${language}": ${JSON.stringify(groups)}`);
writeFileSync(
  process.argv[2],
  `{\n  "icu": "${icu}",\n  "cldr": "${cldr}",\n  "languages": {\n${lines.join(",\n")}\n  }\n}\n`,
);
