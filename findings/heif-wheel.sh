#!/bin/sh
# pillow-heif 1.8.1, the wheel for Linux: its licence field says BSD-3-Clause, and a text inside says that the wheel as a
# whole is under GPL-2, because it holds the encoder x265. Nobody has to encode anything for it to matter: opening one
# HEIC picture maps libx265 into the process (libheif is linked with it, not loading it when asked). So a program that only
# reads an iPad's photographs ships and runs a GPL-2 encoder; whether that fits is a question for its own licence.
# Exits 1 when the wheel no longer holds it, no longer maps it, or says so in its licence field.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check --only-binary :all: pillow-heif==1.8.1 pillow==13.0.0
# Written in one process, read in another, which never writes.
"$folder/v/bin/python" -c "
import sys, pillow_heif
from PIL import Image
pillow_heif.register_heif_opener()
Image.new('RGB', (64, 48), (200, 180, 90)).save(sys.argv[1], 'HEIF')" "$folder/one.heic"
"$folder/v/bin/python" - "$folder/one.heic" <<'PY'
import sys
from importlib.metadata import files, metadata

import pillow_heif
from PIL import Image

about = metadata("pillow-heif")
field = about.get("License-Expression") or about.get("License") or ""
[bundled] = [file for file in files("pillow-heif") if file.name == "LICENSES_bundled.txt"]
text = bundled.read_text()
pillow_heif.register_heif_opener()
size = Image.open(sys.argv[1]).convert("RGB").size
mapped = sorted({line.split("/")[-1].strip() for line in open("/proc/self/maps") if "libx265" in line})
print(f"pillow-heif {about['Version']}: licence field {field!r}")
print(f"  {bundled.name}: {text.strip().splitlines()[1] if 'GPL' in text.strip().splitlines()[1] else text.strip().splitlines()[0]}")
print(f"  after reading a picture of {size[0]} x {size[1]}: {', '.join(mapped) or 'no encoder'} is in the process")
sys.exit(0 if "GPL" not in field and "GPLv2" in text and mapped else 1)
PY
