/* One live stream of server-sent events, wherever it runs: in the shared worker, in the tab that
   leads, or in a tab alone. It tells of topics that changed, and whether it is alive. */

const QUIET = 40_000; // the server gives a sign of life every 15 s
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 20_000;
const KEPT = 2_000;

export class Stream {
  #tell;
  #source = null;
  #last = 0;
  #past = [];
  #began = 0;
  #pause = FIRST_PAUSE;
  #watch = 0;
  #alive = false;

  /** `tell({topics, id})` for every event, `tell({alive})` when that changes. */
  constructor(tell) {
    this.#tell = tell;
  }

  /** A page that was made at `since` (server's milliseconds) wants to hear; tells it what it missed. */
  join(since, tell) {
    if (!this.#source) {
      this.#began = since;
      this.#last = since;
      this.#open();
      return;
    }
    const missed = this.#past.filter((event) => event.id > since).flatMap((event) => event.topics);
    const topics = since < this.#began ? ["*"] : [...new Set(missed)];
    if (topics.length) tell({ topics, id: this.#last });
    tell({ alive: this.#alive });
  }

  /** Try at once, whatever the pause. */
  retry() {
    this.#close();
    this.#open();
  }

  #open() {
    clearTimeout(this.#watch);
    this.#source = new EventSource(`/live?since=${this.#last}`);
    this.#source.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.#is(true);
      this.#heard();
    };
    this.#source.onmessage = (event) => {
      this.#heard();
      const id = Number(event.lastEventId);
      const topics = event.data.split(" ");
      this.#last = Math.max(this.#last, id);
      this.#past.push({ id, topics });
      if (this.#past.length > KEPT) this.#began = this.#past.shift().id;
      this.#tell({ topics, id });
    };
    this.#source.addEventListener("beat", () => this.#heard());
    this.#source.onerror = () => {
      this.#is(false);
      if (this.#source.readyState === EventSource.CLOSED) this.#later();
    };
  }

  #later() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#open(), this.#pause);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  #heard() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.retry(), QUIET);
  }

  #close() {
    this.#source?.close();
    this.#is(false);
  }

  #is(alive) {
    if (alive === this.#alive) return;
    this.#alive = alive;
    this.#tell({ alive });
  }
}
