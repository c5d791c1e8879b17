/* A page that slept: frozen by its browser to save power, or with the whole machine for a night. */

const LOOK = 5_000;
const NAP = 90_000; // ms; a hidden page may be let run only once a minute, and is awake all the same

/** Calls `work` when the page wakes up. */
export function onWaking(work) {
  let looked = Date.now();
  setInterval(() => {
    const slept = Math.abs(Date.now() - looked) > NAP;
    looked = Date.now();
    if (slept) work();
  }, LOOK);
  document.addEventListener("resume", work);
}
