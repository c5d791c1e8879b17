/* Names of colleagues, offered after an @ in a note. Typing the name does the same. */
import { $, $$ } from "./page.js";
import { before, choose, chosen, close, completing, open, shown } from "./completing.js";

const AT = /(^|[^\p{L}\p{N}_@.])@([\p{L}\p{M}'’ -]{0,40})$/u;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const box = () => $("#draft-note");
const list = () => $("#names");

/** What stands between an @ and the cursor; undefined where nothing does. */
const begun = (area) => before(area, AT)?.[2];

function fits(li, word) {
  const wanted = plain(word), name = plain(li.dataset.name);
  if (word && name === wanted) return false;
  return name.startsWith(wanted) || name.split(" ").some((part) => part.startsWith(wanted)) || plain(li.dataset.short) === wanted;
}

function offer() {
  const word = begun(box());
  if (word === undefined) return close(box(), list());
  for (const li of $$("li", list())) li.hidden = !fits(li, word);
  if (!shown(list()).length) return close(box(), list());
  open(box(), list());
  choose(box(), list(), chosen(list()) ?? shown(list())[0]);
}

function take(area, li) {
  const word = begun(area);
  if (word === undefined) return close(area, list());
  area.setRangeText(`${li.dataset.name} `, area.selectionStart - word.length, area.selectionStart, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  close(area, list());
}

addEventListener("input", (event) => event.target === box() && offer());
completing({ lists: "#names", listOf: (node) => node === box() && list(), boxOf: box, take });
