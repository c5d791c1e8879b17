/* The desk as an app: its service worker, and whose browser this is for the page without a line. */
import { remember } from "./drafts.js";

remember(document.documentElement.dataset.agent);
navigator.serviceWorker?.register("/service-worker.js").catch(() => {}); // without it the desk is as it was
