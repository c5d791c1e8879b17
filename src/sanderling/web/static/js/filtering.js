/* The filter over the Desk's list: the list follows it without leaving the page. */
import { $, morph, onKey, part, speak } from "./page.js";
import { many } from "./words.js";
import "./searching.js";

const form = () => $("#filter");
const box = () => $("#filter-in");
const rows = () => $("#rows");

/** What narrows the list, as an address says it; empty where nothing does. */
export const narrowed = () => (rows().dataset.filter ? `&${new URLSearchParams({ f: rows().dataset.filter })}` : "");

async function narrow(text) {
  const q = rows().dataset.queue, list = $("#list");
  list.setAttribute("aria-busy", "true");
  try {
    morph(rows(), await part(`/desk/rows?${new URLSearchParams({ q, f: text, open: $("#case")?.dataset.case ?? 0 })}`));
  } finally {
    list.removeAttribute("aria-busy");
  }
  list.scrollTop = 0;
  shown();
  const here = new URL(location.href);
  here.searchParams.set("q", q);
  if (rows().dataset.filter) here.searchParams.set("f", rows().dataset.filter);
  else here.searchParams.delete("f");
  history.replaceState(history.state, "", here);
  if (!("wrong" in rows().dataset)) speak(many("{n} case is shown", "{n} cases are shown", Number(rows().dataset.shown)));
}

/** The box and the sidebar say what the list shows. */
export function shown() {
  const { filter, queue } = rows().dataset, wrong = "wrong" in rows().dataset;
  if (wrong) box().setAttribute("aria-invalid", "true");
  else box().removeAttribute("aria-invalid");
  $("#filter-keep").hidden = !filter || wrong;
  $("#filter-keep").href = `/views/?${new URLSearchParams({ queue, query: filter })}#keep`;
  for (const link of document.querySelectorAll("#views a"))
    if (filter && link.dataset.queue === queue && link.dataset.query === filter) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
}

addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  narrow(box().value.trim()).catch(() => form().submit());
});

addEventListener("search", (event) => event.target === box() && !box().value && rows().dataset.filter && narrow(""), true);
addEventListener("left", (event) => event.target === box() && ($(".row__link", rows()) ?? $("#list")).focus());

addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-unfiltered]") || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  box().value = "";
  narrow("");
});

onKey("f", () => {
  box().focus();
  box().select();
});

shown();
