/* Who else has this case before them: the page says what its agent does, and shows the others. */
import { $, act, calmly, element, morph, part, Refusal } from "./page.js";

const AGAIN = 20_000; // ms after which an open page says once more that it is open
const TYPING = 20_000; // ms without a change after which somebody counts as reading again

let at = 0, doing = "", typed = 0;

async function tell(id, what) {
  try {
    await act(`/case/${id}/here/`, { doing: what });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function become(what) {
  if (!at || doing === what) return;
  doing = what;
  tell(at, what);
}

/** The case `id` is before us, and no other. */
export function visit(id) {
  if (id === at) return;
  if (at) tell(at, "");
  at = id;
  doing = "";
  if (at) become("reading");
}

/** Somebody types in a room, or has emptied its box. */
export function type(room, text) {
  typed = Date.now();
  become(text.trim() ? room : "reading");
}

/** What was typed is on its way. */
export const rest = () => become("reading");

export const pullPresence = calmly(async () => {
  const id = at;
  if (!id) return;
  const found = element(await part(`/case/${id}/here`));
  if (id !== at) return;
  for (const name of ["#reading", "#here"]) if ($(name)) morph($(name), $(name, found));
}, 250);

setInterval(() => {
  if (doing !== "reading" && Date.now() - typed > TYPING) become("reading");
}, 1000);

setInterval(() => {
  if (!at) return;
  tell(at, doing);
  if ($("#reading")?.textContent.trim() || $("#here")?.textContent.trim()) pullPresence();
}, AGAIN);

addEventListener("pagehide", () => {
  if (!at) return;
  const body = new URLSearchParams({ doing: "" });
  body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
  navigator.sendBeacon(`/case/${at}/here/`, body);
});

addEventListener("pageshow", (event) => event.persisted && at && tell(at, doing));
