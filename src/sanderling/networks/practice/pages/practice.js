// Keeps the list of posts fresh while nobody is writing in it. The page works without this.
const seconds = 4;
setInterval(async () => {
  const list = document.querySelector("[data-fresh]");
  const busy = list?.querySelector("details[open]") || list?.contains(document.activeElement);
  if (!list || busy || document.hidden) return;
  try {
    const page = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-fresh]");
    if (fresh && !list.querySelector("details[open]")) list.replaceWith(fresh);
  } catch { /* the server is away; the next round looks again */ }
}, seconds * 1000);
