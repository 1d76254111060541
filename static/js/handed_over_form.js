// The last script of a form in a client's hands: it covers itself when nobody touches it, and it ends with its hand-over.
// What is marked is kept meanwhile. All are fetched by this file, behind the line and what that imports, which the client waits for.
import "./draft.js";
import "./idle.js";
import "./kiosk.js";
