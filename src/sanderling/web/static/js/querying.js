/* The editor of a column: it is fetched into a dialog, completes words, and shows what the query would catch. */
import { $, $$, complain, element, part, speak } from "./page.js";
import { before, choose, close, completing, open, shown } from "./completing.js";

const sheet = () => $("#deck-sheet");
const query = () => $("#query");

/* ── links that open in the sheet ────────────────────────────────── */

addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-sheet]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  await openSheet(link.href);
});

export async function openSheet(href) {
  if (!sheet()) return (location.href = href);
  try {
    sheet().replaceChildren(element(await part(href)));
  } catch (error) {
    return complain(error);
  }
  sheet().showModal();
  ($("[name=name]", sheet()) ?? $("input:checked", sheet()))?.focus();
}

/* ── trying the query while it is written ────────────────────────── */

let trying = 0, last = 0;

function tryLater() {
  clearTimeout(trying);
  trying = setTimeout(tryNow, 400);
}

async function tryNow() {
  const asked = ++last, area = query();
  if (!area) return;
  $("#tried").setAttribute("aria-busy", "true");
  try {
    const there = element(await part(`/deck/try?query=${encodeURIComponent(area.value)}`));
    if (asked !== last || query() !== area) return;
    $("#tried").replaceWith(there);
    area.setAttribute("aria-invalid", String(!!$(".pointed", there)));
    const says = $("[data-says]", there)?.textContent.trim();
    if (says) speak(says, { atOnce: false });
  } catch (error) {
    $("#tried")?.removeAttribute("aria-busy");
  }
}

addEventListener("input", (event) => {
  if (event.target !== query()) return;
  offer();
  tryLater();
});

addEventListener("click", (event) => {
  const example = event.target.closest?.("[data-example]");
  if (!example || !query()) return;
  event.preventDefault();
  query().value = example.dataset.example;
  query().focus();
  tryNow();
});

/* what the desk refused is shown where one writes */
addEventListener("refused", (event) => {
  const form = event.target, { why, facts } = event.detail;
  if (!form.matches(".colform")) return;
  event.preventDefault();
  if (facts.at === undefined) {
    const line = $("[data-refused], .field__err", form);
    line.hidden = false;
    $("span", line).textContent = why.join(" ");
    return;
  }
  tryNow();
  query().focus();
  query().setSelectionRange(facts.at, facts.at + Math.max(1, facts.length));
}, true);

/* ── completing a word ───────────────────────────────────────────── */

const WORD = /(?:^|[\s(-])([A-Za-z_]+:?[\w.@-]*)$/;
const MOST = 12;
const list = () => $("#query-words");

/** What is being written before the cursor; nothing where nothing is. */
const begun = (area) => before(area, WORD)?.[1];

function fits(word, written) {
  if (!word.startsWith(written.toLowerCase()) || word === written) return false;
  return written.includes(":") || word.endsWith(":"); // values only behind their operator
}

function offer() {
  const written = begun(query()) ?? "";
  if (written.length < 2) return close(query(), list());
  let left = MOST;
  for (const li of $$("li", list())) li.hidden = !fits(li.dataset.word, written) || left-- <= 0;
  if (!shown(list()).length) return close(query(), list());
  open(query(), list());
  choose(query(), list(), shown(list())[0]);
}

function take(area, li) {
  const written = begun(area);
  close(area, list());
  if (written === undefined) return;
  const { word } = li.dataset, more = word.endsWith(":") ? "" : " ";
  area.setRangeText(word + more, area.selectionStart - written.length, area.selectionStart, "end");
  area.dispatchEvent(new Event("input", { bubbles: true })); // after a colon, its values
}

completing({ lists: "#query-words", listOf: (node) => node === query() && list(), boxOf: query, take });
