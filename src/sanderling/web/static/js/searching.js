/* Search boxes: filters and their values are offered while they are typed. Typing them does the same. */
import { $, afterAct, part } from "./page.js";
import { before, close, completing, open } from "./completing.js";

const TOKEN = /(^|\s)(-?)([^\s"]*(?:"[^"]*)?)$/;
let asked = null; // the filters, fetched when a box is first used
const filters = () => (asked ??= part("/search/words").then((text) => JSON.parse(text).filters).catch(() => ((asked = null), [])));

const BOX = "[data-searchbox] input";
const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));

const quoted = (value) => (/\s/.test(value) ? `"${value}"` : value);

/** What is begun at the cursor; undefined inside a selection. */
const begun = (box) => before(box, TOKEN)?.[3];

/** What may stand there: [what is put in, what is shown, what it is about]. */
function choices(all, text) {
  const [, name, value] = text.match(/^([a-z]+):(.*)$/i) ?? [];
  if (name) {
    const filter = all.find((one) => one.name === name.toLowerCase());
    const wanted = value.replace(/^"/, "").toLowerCase();
    const fits = (filter?.values ?? []).filter((v) => v.toLowerCase().startsWith(wanted) || v.toLowerCase().includes(` ${wanted}`));
    if (fits.length === 1 && fits[0].toLowerCase() === wanted) return [];
    return fits.slice(0, 12).map((v) => [`${filter.name}:${quoted(v)} `, v, ""]);
  }
  if (!text) return all.map((one) => [`${one.name}:`, `${one.name}:`, one.about]);
  return all.filter((one) => one.name.startsWith(text.toLowerCase())).map((one) => [`${one.name}:`, `${one.name}:`, one.about]);
}

async function offer(box, { empty = true } = {}) {
  const all = await filters();
  const text = begun(box), list = listOf(box);
  if (document.activeElement !== box || text === undefined || (!text && !empty)) return close(box, list);
  const found = choices(all, text);
  list.replaceChildren(...found.map(([put, says, about], n) => option(box, n, put, says, about)));
  if (found.length) open(box, list);
  else close(box, list);
}

function option(box, n, put, says, about) {
  const li = document.createElement("li");
  li.id = `${box.id}-o${n}`;
  li.role = "option";
  li.ariaSelected = "false";
  li.dataset.put = put;
  const code = document.createElement("code");
  code.textContent = says;
  li.append(code);
  if (about) li.append(Object.assign(document.createElement("span"), { textContent: about }));
  return li;
}

function take(box, li) {
  const text = begun(box);
  if (text === undefined) return close(box, listOf(box));
  box.setRangeText(li.dataset.put, box.selectionStart - text.length, box.selectionStart, "end");
  box.focus();
  if (li.dataset.put.endsWith(":")) offer(box);
  else close(box, listOf(box));
}

addEventListener("input", (event) => event.target.matches?.(BOX) && offer(event.target, { empty: false }));

/** Out of the box, with what it says left as it is. */
function leave(box) {
  box.blur();
  box.dispatchEvent(new CustomEvent("left", { bubbles: true }));
}

completing({
  lists: ".searchbox__list",
  listOf: (node) => node.matches?.(BOX) && listOf(node),
  boxOf: (list) => $("input", list.closest("[data-searchbox]")),
  take,
  ask: offer,
  leave,
});

/* a search takes its time: say so */
addEventListener("submit", (event) => {
  if (event.target.id === "search") $("#found").setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => $("#found")?.removeAttribute("aria-busy"));

afterAct("view", (answer) => (location.href = answer.to));
