/* The composer: three ways to write, each with a text of its own that is kept while one types.
   No text goes to a wider room by itself, and no key posts in public without a chord. */
import { $, act, complain, notice, onKey, Refusal, say, sure } from "./page.js";
import { hasLink, weigh } from "./weigh.js";

const NAMES = { public: "public reply", direct: "direct message", note: "note" };
const WIDTH = { note: 0, direct: 1, public: 2 };
const KEEP_EVERY = 2000;

const composer = () => $("#composer");
const room = (form) => form.elements.room.value;
const box = (form, which = room(form)) => $(`#draft-${which}`, form);
const number = (n) => n.toLocaleString("en");

/** What to do when an answer is on its way: `sent(answer, form)`. */
let sent = () => {};
export const onSent = (work) => (sent = work);

/* ── how it looks ────────────────────────────────────────────────── */

function paint(form) {
  const area = box(form), counter = $(".counter", form);
  const most = Number(area.dataset.most), sign = room(form) === "note" ? "" : ` ^${form.dataset.initials}`;
  const counts = room(form) === "note" ? "graphemes" : form.dataset.counts;
  const n = area.value.trim() ? weigh(area.value.trim() + sign, counts) : 0;
  counter.hidden = !most || (room(form) === "note" && n < most * 0.8);
  counter.style.setProperty("--used", Math.min(100, (100 * n) / most));
  counter.dataset.state = n > most ? "over" : n > most * 0.9 ? "near" : "";
  const [figure, rest] = n > most ? [n - most, "too long"] : [n, `of ${number(most)}`];
  const strong = document.createElement("b");
  strong.textContent = number(figure);
  $("span", counter).replaceChildren(strong, ` ${rest}`);
  const price = $("#price", form), linked = hasLink(area.value), { price: plain = "", priceWithLink: dear = "" } = area.dataset;
  price.hidden = "closed" in area.dataset;
  price.textContent = linked && dear !== plain ? `${dear} with a link` : plain;
  price.title = dear && dear !== plain ? `Without a link: ${plain}. With a link: ${dear}.` : "";
  price.toggleAttribute("data-dear", linked && dear !== plain);
  form.toggleAttribute("data-blocked", n > most || "closed" in area.dataset);
  offer(form);
}

/** Texts in other rooms stay there; this line offers to bring one over. */
function offer(form) {
  const line = $("#kept", form), here = room(form);
  const other = Object.keys(NAMES).find((r) => r !== here && box(form, r).value.trim());
  line.hidden = !other || Boolean(box(form).value.trim());
  if (line.hidden) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: "Use it here" });
  button.addEventListener("click", () => bring(form, other, here));
  line.replaceChildren(`Your ${NAMES[other]} is kept. `, button);
}

async function bring(form, from, to) {
  const wider = WIDTH[to] > WIDTH[from];
  const who = to === "public" ? "Everyone will be able to read it." : "The customer will be able to read it.";
  if (wider && !(await sure(`Use your ${NAMES[from]} as a ${NAMES[to]}?`, who, "Use it here"))) return;
  box(form, to).value = box(form, from).value;
  box(form, from).value = "";
  keep(form, from);
  keep(form, to);
  paint(form);
  box(form).focus();
}

/** Choose who reads it, and write. */
export function write(which) {
  const form = composer();
  if (!form) return false;
  form.elements.room.value = which;
  paint(form);
  object(form, []);
  box(form).focus();
  box(form).setSelectionRange(box(form).value.length, box(form).value.length);
}

/** The story went on: what stood against an answer may be gone, or have come. */
export function weighAgain(story) {
  const form = composer();
  $("#care", form).hidden = !story.care;
  for (const which of ["public", "direct"]) {
    const why = story[which === "public" ? "cannotPublic" : "cannotDirect"], area = box(form, which), line = $(`#cannot-${which}`, form);
    const words = $("span > span", line);
    if (words.textContent === why) continue;
    words.textContent = why;
    line.hidden = !why;
    area.readOnly = Boolean(why);
    area.toggleAttribute("data-closed", Boolean(why));
  }
  paint(form);
}

function object(form, sentences) {
  const warning = $("#objections", form);
  warning.hidden = !sentences.length;
  $("p", warning).textContent = sentences.join(" ");
  $("[data-to-direct]", warning).hidden = room(form) !== "public" || "closed" in box(form, "direct").dataset;
}

/* ── keeping drafts ──────────────────────────────────────────────── */

const kept = new WeakMap(); // textarea -> the text the desk has

async function keep(form, which = room(form)) {
  const area = box(form, which);
  if ((kept.get(area) ?? area.defaultValue) === area.value) return;
  const text = area.value;
  kept.set(area, text);
  try {
    await act(`/case/${form.dataset.case}/draft/`, { room: which, text });
    $("#saved", form).textContent = text.trim() ? "Draft kept" : "";
  } catch (error) {
    kept.delete(area);
    $("#saved", form).textContent = "Draft not kept yet";
    if (!(error instanceof Refusal)) throw error;
  }
}

setInterval(() => composer() && keep(composer()), KEEP_EVERY);

/** Keep every text of a composer that is about to go. */
export function keepAll(form = composer()) {
  if (form) for (const which of Object.keys(NAMES)) keep(form, which);
}

addEventListener("pagehide", () => {
  const form = composer();
  if (!form) return;
  for (const which of Object.keys(NAMES)) {
    const area = box(form, which);
    if ((kept.get(area) ?? area.defaultValue) === area.value) continue;
    const body = new URLSearchParams({ room: which, text: area.value });
    body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
    navigator.sendBeacon(`/case/${form.dataset.case}/draft/`, body);
  }
});

/** The desk has these drafts now (an answer was taken back). */
export function restore(drafts) {
  const form = composer();
  for (const [which, text] of Object.entries(drafts)) {
    box(form, which).value = text;
    kept.set(box(form, which), text);
  }
  paint(form);
}

/* ── sending ─────────────────────────────────────────────────────── */

let sending = false;

async function send(form, then) {
  const area = box(form);
  if (sending) return;
  if ("closed" in area.dataset) return say($(`#cannot-${room(form)}`).textContent);
  const fields = { room: room(form), then, seen: form.elements.seen.value };
  fields[area.name] = area.value;
  sending = true;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await tryToSend(form, fields);
    if (!answer) return;
    area.value = "";
    kept.set(area, "");
    object(form, []);
    paint(form);
    $("#saved", form).textContent = "";
    sent(answer, form);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.facts.ask === undefined) complain(error);
    else object(form, error.why);
  } finally {
    sending = false;
    form.removeAttribute("aria-busy");
  }
}

async function tryToSend(form, fields) {
  const path = `/case/${form.dataset.case}/send/`;
  try {
    return await act(path, fields);
  } catch (error) {
    const question = error.facts?.ask;
    if (!question) throw error;
    if (!(await sure("One question first", error.message, question))) return null;
    return act(path, { ...fields, anyway: "yes" });
  }
}

/* ── listening to the form, whichever case it belongs to ─────────── */

addEventListener("input", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form || event.target.type === "radio") return;
  object(form, []);
  paint(form);
});

addEventListener("change", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form || event.target.name !== "room") return;
  keepAll(form);
  object(form, []);
  paint(form);
});

addEventListener("focusout", (event) => {
  const form = event.target.closest?.(".composer");
  if (form?.isConnected && event.target.matches("textarea")) keep(form);
});

addEventListener("submit", (event) => {
  if (!event.target.matches(".composer")) return;
  event.preventDefault();
  event.target.querySelector("[popover]:popover-open")?.hidePopover();
  send(event.target, event.submitter?.value || "wait");
});

addEventListener("click", (event) => {
  if (event.target.closest("[data-to-direct]")) {
    const form = composer(), text = box(form, "public").value;
    if (box(form, "direct").value.trim() && box(form, "direct").value.trim() !== text.trim()) {
      notice("There is a direct message already. Both texts are kept.");
    } else {
      box(form, "direct").value = text;
      box(form, "public").value = "";
      keepAll(form);
    }
    write("direct");
  }
  const other = event.target.closest("[data-write]");
  if (other) {
    other.closest("dialog")?.close();
    write(other.dataset.write);
  }
});

addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form) return;
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    send(form, event.shiftKey ? "keep open" : "wait");
  }
  if (event.key === "Escape" && event.target.matches("textarea")) {
    event.preventDefault();
    const row = $('.row[aria-current="true"] .row__link');
    (row?.offsetParent ? row : $("#tl")).focus();
  }
});

for (const [key, which] of [["1", "public"], ["2", "direct"], ["3", "note"]])
  onKey(key, () => write(which));

/** A composer has come onto the page. */
export function ready() {
  const form = composer();
  if (!form) return;
  paint(form);
}
