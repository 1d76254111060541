// The last script of a form in a client's hands: it covers itself when nobody touches it, and it ends with its hand-over.
// Both are fetched by this file and so behind the line and what the line imports, which the client waits for.
import "./idle.js";
import "./kiosk.js";
