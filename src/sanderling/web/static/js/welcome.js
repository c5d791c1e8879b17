/* The front doors: setting up, and joining by an invitation. All of it works without this script. */
const $ = (selector) => document.querySelector(selector);
document.documentElement.dataset.script = "";

const show = $("[data-show]"), password = $("#pw");
if (show) {
  show.hidden = false;
  show.addEventListener("click", () => {
    const shown = password.type === "password";
    password.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", shown);
    show.setAttribute("aria-label", shown ? show.dataset.hides : show.dataset.words);
  });
}

/* Initials follow the name until somebody writes their own. */
const name = $("[data-name]"), initials = $("[data-initials]");
let own = Boolean(initials?.value);
const follow = () => {
  if (own || !name.value.trim()) return;
  const words = name.value.trim().split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  initials.value = words.map((word) => [...word][0]).join("").toUpperCase().slice(0, 4);
};
name?.addEventListener("input", follow);
initials?.addEventListener("input", () => (own = Boolean(initials.value)));
if (name) follow();

/* The zone of this browser, as long as the desk is in none but UTC. */
const zone = $("select[name=zone]"), here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone?.value === "UTC" && [...zone.options].some((one) => one.value === here)) zone.value = here;

const link = $("[data-link]");
$("[data-copy]")?.addEventListener("click", async ({ currentTarget: button }) => {
  link.select();
  await navigator.clipboard?.writeText(link.value).catch(() => document.execCommand("copy"));
  button.textContent = button.dataset.copied;
});
link?.addEventListener("focus", () => link.select());

addEventListener("submit", ({ target }) => {
  const button = target.querySelector("[type=submit]");
  if (!target.dataset.busy) return;
  button.textContent = target.dataset.busy;
  button.setAttribute("aria-disabled", "true");
});
