"""Without a network, in each engine: nothing is lost, doubled or readable; what cannot be taken stops nothing else."""

from organisations.tenancy.context import tenant
from tests.browser.engines.steps import ORS_LINES, carry, finish, hand_over, marks_stored, start
from tests.browser.test_offline import READ_STORES, WAITING

ASKED = """if (navigator.storage?.persist) navigator.storage.persist = async () => {
  window.asked = true;
  return true;
};"""
PUT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("medspil", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("sealed", { keyPath: "id" });
  opening.onsuccess = () => {
    const store = opening.result.transaction("sealed", "readwrite").objectStore("sealed");
    for (const form of ["first", "second"]) store.put({ id: form, at: Date.now(), envelope: { form } });
    store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""
KEPT_KEYS = """async () => {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const db = await new Promise((resolve) => {
    const opening = indexedDB.open("keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onsuccess = () => resolve(opening.result);
  });
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  await done(db.transaction("keys", "readwrite").objectStore("keys").put(pair.privateKey, 1));
  const kept = await done(db.transaction("keys").objectStore("keys").get(1));
  return kept?.algorithm;
}"""
SEALED_TO = """async () => {
  const { sealTo } = document.querySelector("form.lines").dataset;
  const bytes = Uint8Array.from(atob(sealTo), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "ECDH", namedCurve: "P-256" }, true, []);
  return key.algorithm.namedCurve;
}"""
COME_BACK = "window.dispatchEvent(new Event('online'));"


def waiting(screen) -> int:
    return screen.ask(WAITING)


def test_an_answer_without_a_network_is_kept_sealed_and_sent_once(ann_here, ann, nils):
    screen = ann_here
    start(screen)
    hand_over(screen, "ORS")
    assert screen.ask(SEALED_TO) == "P-256"
    screen.run(ASKED)
    screen.network.is_cut = True
    finish(screen, ORS_LINES)
    screen.see("stored on this device, locked")
    screen.see("Stored, not sent: 1")
    assert screen.run("return !navigator.storage?.persist || Boolean(window.asked);")
    stored, pages = screen.ask(READ_STORES)
    assert "sealed" in stored
    assert [word for word in ("individual", "submission_id") if word in stored] == []
    assert [word for word in ("Nils", "N-014", str(nils.pk)) if word in stored + pages] == []
    assert (waiting(screen), marks_stored(ann)) == (1, {})
    screen.network.is_cut = False
    screen.run(COME_BACK)
    screen.see("Your answer is saved.")
    assert waiting(screen) == 0
    assert all(abs(mark - 60) <= 1 for mark in marks_stored(ann)["ors"])


def test_handed_over_without_a_network_from_the_start_in_the_clients_language(ann_here, ann, nils):
    with tenant(ann.organisation_id):
        nils.form_language = "sv"
        nils.save()
    screen = ann_here
    carry(screen)
    screen.network.is_cut = True
    screen.press("Hand over for the ORS")
    screen.arrive("/offline/ors/sv/own/")
    screen.mark(ORS_LINES)
    screen.find("#done").click()
    screen.wait(lambda: waiting(screen) == 1)
    screen.open("/today/")
    assert screen.run("return document.documentElement.lang;") == "sv"
    assert "There is no network" not in screen.text
    screen.network.is_cut = False
    screen.open("/today/")
    screen.arrive("/unlock/")
    assert screen.run("return document.documentElement.lang;") == "sv", "Ann has chosen no language of her own"
    screen.wait(lambda: waiting(screen) == 0)
    assert set(marks_stored(ann)) == {"ors"}


def test_an_answer_that_the_server_cannot_take_stops_no_other(ann_here):
    screen = ann_here
    screen.network.failing['^/sealed/ .*"first"'] = 503
    screen.ask(PUT)
    screen.run(COME_BACK)
    screen.wait(lambda: ("/sealed/", 410) in screen.network.posts)
    screen.see("not sent: 2")
    assert waiting(screen) == 2, "kept, both: one comes again, one is said aloud"


def test_a_key_of_the_curve_that_seals_survives_in_the_store(ann_here):
    """P-256: an X25519 key comes back from WebKit's store as null (static/js/seal.js)."""
    assert ann_here.ask(KEPT_KEYS) == {"name": "ECDH", "namedCurve": "P-256"}
