/* Networks: forms that take long say so and are sent once; the accounts are looked at again. */
import { $, calmly, morph, part, speak } from "./page.js";

/* ── a form that is under way says so, and cannot be sent twice ──── */

addEventListener("submit", (event) => {
  const form = event.target, words = form.dataset.busy;
  if (!words) return;
  if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
  form.setAttribute("aria-busy", "true");
  const button = $("button[type=submit]", form);
  button.dataset.words = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = words;
  speak(words);
});

/* back from the browser's own memory, nothing is under way any more */
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    const button = $("button[type=submit]", form);
    form.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.words;
  }
});

/* ── how the accounts do, every half minute, but not while somebody changes them ─ */

const keep = (node) => node.matches?.("details[open], form[aria-busy]");
const look = calmly(async () => {
  if (document.hidden) return;
  const there = new DOMParser().parseFromString(await part("/networks/"), "text/html");
  const fresh = there.querySelector("#accounts");
  if (fresh) morph($("#accounts"), fresh, { keep });
}, 1000);

if ($("#tried-h")) speak($("#tried-h").textContent.trim());
if ($("#accounts")) setInterval(look, 30_000);
