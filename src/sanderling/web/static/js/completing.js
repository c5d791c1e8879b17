/* A list of what may stand at the cursor of a box: opened while one types, walked with the arrows, taken
   with Enter, Tab or a touch, closed with Escape. What is offered, and what is put in, each box says. */
import { $, $$ } from "./page.js";

/** What is offered now. */
export const shown = (list) => $$("li:not([hidden])", list);
/** What would be taken by Enter. */
export const chosen = (list) => $('li[aria-selected="true"]:not([hidden])', list);

/** How what is written before the cursor meets `pattern`; null where it does not, and inside a selection. */
export function before(box, pattern) {
  if (box.selectionStart !== box.selectionEnd) return null;
  return box.value.slice(0, box.selectionStart).match(pattern);
}

/** Show the list; nothing of it is chosen yet. */
export function open(box, list) {
  list.hidden = false;
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-autocomplete", "list");
  box.removeAttribute("aria-activedescendant");
  if (box.role === "combobox") box.ariaExpanded = "true";
}

export function close(box, list) {
  if (!list || list.hidden) return;
  list.hidden = true;
  box.removeAttribute("aria-activedescendant");
  if (box.role === "combobox") box.ariaExpanded = "false";
}

export function choose(box, list, li) {
  for (const other of $$("li", list)) other.setAttribute("aria-selected", String(other === li));
  box.setAttribute("aria-activedescendant", li.id);
  li.scrollIntoView({ block: "nearest" });
}

function walk(box, list, step) {
  const all = shown(list), here = all.indexOf(chosen(list));
  choose(box, list, all.at(here < 0 ? (step > 0 ? 0 : -1) : (here + step) % all.length));
}

/**
 * Have the lists that meet `lists` (a selector) follow keys and touches.
 *
 * `listOf(node)` is the list of a box, nothing for other nodes; `boxOf(list)` the other way. `take(box,
 * li)` puts in what was chosen. While a list is closed, `ask(box)` follows on an arrow and `leave(box)` on
 * Escape, where they are given.
 */
export function completing({ lists, listOf, boxOf, take, ask, leave }) {
  const inside = (box, list, key) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key], all = shown(list);
    const wanted = chosen(list) ?? (key === "Tab" && all.length === 1 ? all[0] : null);
    if (step) walk(box, list, step);
    else if (wanted && (key === "Enter" || key === "Tab")) take(box, wanted);
    else if (key === "Escape") close(box, list);
    else return false;
    return true;
  };
  const outside = (box, key) => {
    const work = { ArrowDown: ask, ArrowUp: ask, Escape: leave }[key];
    work?.(box);
    return Boolean(work);
  };

  /* before anybody else hears the keys: they belong to the list while it is open */
  addEventListener("keydown", (event) => {
    const box = event.target, list = listOf(box);
    if (!list || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (!(list.hidden ? outside(box, event.key) : inside(box, list, event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  addEventListener("focusout", (event) => close(event.target, listOf(event.target)));
  addEventListener("pointerdown", (event) => {
    const list = event.target.closest?.(lists), li = event.target.closest?.("li");
    if (!list || !li) return;
    event.preventDefault(); // the focus stays in the box
    take(boxOf(list), li);
  });
}
