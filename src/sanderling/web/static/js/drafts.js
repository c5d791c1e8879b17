/* Texts that the desk does not have yet: kept in this browser until it has. They are the agent's
   own words, under the agent's number; what customers wrote is never here. */
const PREFIX = "draft:";

const key = (agent, number, room) => `${PREFIX}${agent}:${number}:${room}`;

/** A storage may be full or forbidden; then the box alone holds the text. */
function quietly(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Keep a text that began as `base`, which is what the desk had then. True if it is kept. */
export const hold = (agent, number, room, text, base) =>
  Boolean(quietly(() => {
    localStorage.setItem(key(agent, number, room), JSON.stringify({ text, base, at: Date.now() }));
    return true;
  }));

/** The desk has it. */
export const release = (agent, number, room) => quietly(() => localStorage.removeItem(key(agent, number, room)));

/** What is kept for a room of a case, as {text, base, at}; null where nothing is. */
export const held = (agent, number, room) => quietly(() => read(localStorage.getItem(key(agent, number, room))));

/** Everything that is kept for an agent, the newest first: [{number, room, text, at}]. */
export const allHeld = (agent) =>
  quietly(() =>
    Object.keys(localStorage)
      .filter((name) => name.startsWith(`${PREFIX}${agent}:`))
      .map((name) => {
        const [, , number, room] = name.split(":");
        return { number, room, ...read(localStorage.getItem(name)) };
      })
      .filter((one) => one.text?.trim())
      .sort((a, b) => b.at - a.at),
  ) ?? [];

/** Whose browser this is just now; whoever signs in next sees nothing of who was here before. */
export const remember = (agent) => quietly(() => localStorage.setItem("agent", agent));
export const remembered = () => quietly(() => localStorage.getItem("agent"));

function read(text) {
  const found = text ? JSON.parse(text) : null;
  return typeof found?.text === "string" ? found : null;
}
