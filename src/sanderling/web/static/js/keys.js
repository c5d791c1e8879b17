/* The keys of the one table (web/keymap.py) that no page listens to itself; and lists that are one
   stop for the Tab key, however long they are. */
import { $, $$, bound, onKey } from "./page.js";

/* ── what can be done ────────────────────────────────────────────── */

export const commands = [...$("#commands").content.children];

const shown = (element) => element && !element.closest("[hidden]");

/** What a command of the table does on this page as it stands; null if nothing. */
export function deed({ go, press, key, needs }) {
  if (needs && !shown($(needs))) return null;
  if (go) return () => void (location.href = go);
  if (press) return shown($(press)) ? () => $(press).click() : null;
  return bound(key) ?? null;
}

for (const { dataset } of commands)
  if (dataset.key && !bound(dataset.key) && (dataset.go || dataset.press))
    onKey(dataset.key, (event) => (deed(dataset) ?? (() => false))(event));

/* ── lists ───────────────────────────────────────────────────────── */

const ROWS = "#rows .row, .col__feed > .tw, .wait[tabindex], .page__in :is(ol, ul:not(.tabs ul)) > li, .page__in tbody tr";
const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** J and K go from row to row where the page has no other use for them. */
function step(by) {
  const rows = $$(ROWS).filter((row) => row.offsetParent && $(STOPS, row));
  if (!rows.length) return false;
  const here = rows.findLastIndex((row) => row.contains(document.activeElement));
  const to = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, here + by))];
  $(STOPS, to).focus();
}

if (!bound("j")) onKey("j", () => step(1));
if (!bound("k")) onKey("k", () => step(-1));

const ROVING = [["#rows", ".row"], [".col__feed", ".tw"]];

/** Of each long list only one row can be reached by Tab: that in use, else the open one, else the
    first. Said when Tab is pressed, so that rows which came or changed meanwhile need no care. */
function rove() {
  for (const [list, row] of ROVING)
    for (const box of $$(list)) {
      const rows = $$(row, box);
      const one = rows.find((r) => r.contains(document.activeElement)) ?? rows.find((r) => r.matches("[aria-current=true]")) ?? rows[0];
      for (const r of rows) for (const stop of [r, ...$$(STOPS, r)]) allow(stop, r === one);
    }
}

function allow(stop, yes) {
  if (!stop.matches(STOPS) || (stop.tabIndex < 0 && !("roved" in stop.dataset))) return;
  if (yes) delete stop.dataset.roved;
  else stop.dataset.roved = "";
  if (stop.matches("article")) stop.tabIndex = yes ? 0 : -1;
  else if (yes) stop.removeAttribute("tabindex");
  else stop.tabIndex = -1;
}

addEventListener("keydown", (event) => event.key === "Tab" && rove(), true);
