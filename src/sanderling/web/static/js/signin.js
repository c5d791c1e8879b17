/* The sign-in page: show the password, and say in which time zone its agent lives. */
import { say } from "./words.js";

const show = document.querySelector("[data-show]");
const password = document.querySelector("#pw");
show.hidden = false;
show.addEventListener("click", () => {
  const shown = password.type === "password";
  password.type = shown ? "text" : "password";
  show.setAttribute("aria-pressed", shown);
  show.setAttribute("aria-label", shown ? say("Hide password") : say("Show password"));
});
document.querySelector("[name=zone]").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
