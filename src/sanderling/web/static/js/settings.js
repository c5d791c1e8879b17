/* Settings: what is liked is kept at once, the picture is made small here, permissions are asked for
   only by a click. Without this script each part has a button of its own. */
import { $, $$, Refusal, act, afterAct, complain, notice, root, speak } from "./page.js";
import { begin } from "./notices.js";
import { sound } from "./tone.js";
import { say } from "./words.js";

const SIDE = 256; // pixels of a picture, both ways

for (const plain of $$("[data-noscript]")) plain.hidden = true;
$("[data-try]").hidden = false;

/* ── what is liked ───────────────────────────────────────────────── */

for (const form of $$("[data-taste]"))
  form.addEventListener("change", async ({ target }) => {
    if (target.name === "desktop" && target.checked) await permit();
    const fields = new FormData(form);
    draw(target);
    try {
      const { tell, letters, says } = await act(form.action, fields);
      root.dataset.tell = tell;
      root.dataset.letters = letters ? "on" : "off";
      $("[data-keys]").checked = letters;
      begin();
      speak(says);
      if (target.name === "zone" || target.name === "language") location.reload();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      complain(error);
    }
  });

function draw({ name, value }) {
  if (name === "theme" && !value) delete root.dataset.theme;
  else if (name === "theme" || name === "density") root.dataset[name] = value;
}

/* The other ways to switch them, by keys and from the menu, show here too. */
new MutationObserver(() => {
  for (const name of ["theme", "density"]) {
    const one = $(`[name="${name}"][value="${root.dataset[name] ?? ""}"]`);
    if (one) one.checked = true;
  }
  $("[type=checkbox][name=letters]").checked = root.dataset.letters !== "off";
}).observe(root, { attributes: true, attributeFilter: ["data-theme", "data-density", "data-letters"] });

/* ── whether this browser may show notices ───────────────────────── */

const DENIED = say("This browser does not let the desk show notices. Allow them beside its address bar.");
const UNASKED = say("This browser was not asked yet.");
const UNABLE = say("This browser shows notices only where the desk is reached by https.");

function standing() {
  const wants = $("[type=checkbox][name=desktop]").checked;
  const state = "Notification" in window ? Notification.permission : "unable";
  const says = { denied: DENIED, default: UNASKED, unable: UNABLE }[state] ?? "";
  $("#permission").hidden = !wants || !says;
  $("#permission span").textContent = says;
  $("#permission button").hidden = state !== "default";
}

async function permit() {
  if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
  standing();
}

$("#permission button").addEventListener("click", permit);
$("[type=checkbox][name=desktop]").addEventListener("change", standing);
standing();

$("[data-try]").addEventListener("click", async () => {
  if (!(await sound())) notice(say("This browser does not let the desk sound."), { bad: true });
});

/* ── name and signature ──────────────────────────────────────────── */

const initials = $("[name=initials]"), signed = $("#signed");
initials.addEventListener("input", () => {
  const sign = document.createElement("span");
  sign.className = "sig";
  sign.textContent = initials.value.trim() ? `^${initials.value.trim().toUpperCase()}` : "";
  signed.replaceChildren(`${signed.dataset.example} `, sign);
});

const again = ({ says }) => {
  notice(says);
  location.reload();
};
afterAct("called", again);
afterAct("password", ({ says }, form) => {
  form.reset();
  notice(says);
});

/* ── picture ─────────────────────────────────────────────────────── */

const picture = $("[data-picture]");
picture.addEventListener("change", () => picture.elements.file.files[0] && upload(picture.elements.file.files[0]));
picture.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.submitter?.value === "remove") await send({ how: "remove" });
});

async function upload(file) {
  const drawn = await createImageBitmap(file).catch(() => null);
  if (!drawn) return notice(say("This file is no picture that the browser can draw."), { bad: true });
  await send({ file: await square(drawn) });
}

/** The middle of a picture, as large as it is shown at most. */
function square(drawn) {
  const canvas = new OffscreenCanvas(SIDE, SIDE), side = Math.min(drawn.width, drawn.height);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.drawImage(drawn, (drawn.width - side) / 2, (drawn.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}

async function send(fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
  const answer = await fetch(picture.action, { method: "POST", body, headers: { "X-Desk": "1" } }).catch(() => null);
  if (answer?.ok) return location.reload();
  complain(new Refusal(answer ? await answer.json().catch(() => ({})) : {}));
}
