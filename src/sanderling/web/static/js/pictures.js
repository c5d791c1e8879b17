/* Pictures beside a draft: attached by button, paste or drop, described in place, made smaller where
   the network wants that. Nothing of it leaves before the answer does. */
import { $, $$, act, morph, part, Refusal, speak } from "./page.js";
import { say } from "./words.js";

const KEEP_AFTER = 800; // ms of rest after which a description is kept
const SMALLER = 0.8, TRIES = 10;

const form = () => $("#composer");
const room = (of) => of.elements.room.value;
const strip = (of) => $(`[data-pictures="${room(of)}"]`, of);
const places = (of) => `/case/${of.dataset.case}/pictures/`;

/** The pictures beside the drafts, as the desk has them by now. */
export async function refresh(of = form()) {
  const there = $("#pics", of), account = $("#attach", of).dataset.account;
  if (there) morph(there, await part(`${places(of)}of/${account}`));
}

/** What to send along with the open room's text, or null where a picture is not described yet. */
export async function described(of) {
  const name = `picture_${room(of)}`, all = $$(`[name="${name}"]`, of);
  if (!all.length) return {};
  await Promise.all($$(".pic textarea", strip(of)).map(keep));
  const bare = $$(".pic textarea", strip(of)).find((area) => !area.value.trim());
  if (bare) {
    no(strip(of), say("Describe the picture for those who cannot see it."));
    bare.focus();
    return null;
  }
  return { [name]: all.map((input) => input.value).join() };
}

/* ── attaching ───────────────────────────────────────────────────── */

async function attach(files) {
  const of = form(), here = of && room(of) !== "note" && strip(of);
  if (!here) return speak(say("No picture can be attached here."));
  no(here, "");
  for (const file of files) {
    try {
      await upload(of, here, await fitting(file, here.dataset));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      no(strip(of), error.message);
    }
    await refresh(of);
  }
  const bare = $$(".pic textarea", strip(of)).find((area) => !area.value.trim());
  bare?.focus();
}

/** The file, or a smaller copy of it where it is larger than the network takes. */
async function fitting(file, { types, largest }) {
  if (!types.split(",").includes(file.type) || file.type === "image/gif" || file.size <= Number(largest)) return file;
  const drawn = await createImageBitmap(file).catch(() => null);
  if (!drawn) return file;
  for (let scale = 1, tried = 0; tried < TRIES; tried++, scale *= SMALLER) {
    const canvas = new OffscreenCanvas(Math.ceil(drawn.width * scale), Math.ceil(drawn.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const copy = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    if (copy.size <= Number(largest)) return copy;
  }
  return file;
}

/** fetch() tells nothing of how far an upload is; this does. */
function upload(of, here, file) {
  const going = $(".pics__going", here), call = new XMLHttpRequest(), body = new FormData();
  body.append("csrfmiddlewaretoken", $("meta[name=csrf]").content);
  body.append("room", room(of));
  body.append("file", file);
  going.hidden = false;
  $("span", going).textContent = say("Uploading the picture…");
  call.upload.addEventListener("progress", (event) => {
    $("progress", going).value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  return new Promise((done, broken) => {
    call.addEventListener("load", () => {
      going.hidden = true;
      if (call.status < 300) return done();
      const json = call.getResponseHeader("Content-Type")?.includes("json");
      const large = { why: [say("This picture is larger than can be uploaded.")] };
      broken(new Refusal(json ? JSON.parse(call.responseText) : call.status === 400 || call.status === 413 ? large : {}));
    });
    call.addEventListener("error", () => {
      going.hidden = true;
      broken(new Refusal({ why: [say("The picture did not get through. Attach it again.")] }));
    });
    call.open("POST", places(of));
    call.setRequestHeader("X-Desk", "1");
    call.send(body);
  });
}

function no(here, why) {
  const line = $(".pics__no", here);
  line.textContent = why;
  line.hidden = !why;
}

/* ── describing ──────────────────────────────────────────────────── */

const waiting = new WeakMap(); // textarea -> timer

async function keep(area) {
  clearTimeout(waiting.get(area));
  if (area.value === area.defaultValue) return;
  const of = form(), alt = area.value;
  try {
    await act(`${places(of)}${area.closest(".pic").dataset.picture}/`, { act: "describe", alt });
    area.defaultValue = alt;
    area.toggleAttribute("aria-invalid", !alt.trim());
    if (alt.trim()) no(area.closest("[data-pictures]"), "");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    no(area.closest("[data-pictures]"), error.message);
  }
}

addEventListener("input", (event) => {
  const area = event.target;
  if (!area.matches?.(".pic textarea")) return;
  clearTimeout(waiting.get(area));
  waiting.set(area, setTimeout(() => keep(area), KEEP_AFTER));
});

addEventListener("focusout", (event) => event.target.matches?.(".pic textarea") && keep(event.target));

addEventListener("click", async (event) => {
  if (event.target.closest("#attach")) {
    const input = $("input[type=file]", strip(form()) ?? document.createElement("p"));
    return input ? input.click() : speak(say("No further picture can be attached here."));
  }
  const button = event.target.closest(".pic button[value=remove]");
  if (!button) return;
  event.preventDefault();
  await act(`${places(form())}${button.closest(".pic").dataset.picture}/`, { act: "remove" });
  await refresh();
  $(`#draft-${room(form())}`)?.focus();
});

addEventListener("change", (event) => {
  if (!event.target.matches?.(".pics input[type=file]")) return;
  attach([...event.target.files]);
  event.target.value = "";
});

const pictures = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

addEventListener("paste", (event) => {
  const found = event.target.closest?.(".composer") ? pictures(event.clipboardData) : [];
  if (!found.length) return;
  event.preventDefault();
  attach(found);
});

addEventListener("dragover", (event) => {
  if (event.target.closest?.(".composer") && event.dataTransfer?.types.includes("Files")) event.preventDefault();
});

addEventListener("drop", (event) => {
  if (!event.target.closest?.(".composer") || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  attach(pictures(event.dataTransfer));
});
