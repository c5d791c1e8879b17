/* Two short, quiet notes. No file, and nothing where the browser does not let this page sound. */

const NOTES = [660, 880], LASTS = 0.16, LOUD = 0.08;
let context = null;

/** Sound once; gives whether it could be heard. */
export async function sound() {
  context ??= new AudioContext();
  if (context.state === "suspended") await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  if (context.state !== "running") return false;
  NOTES.forEach((pitch, nth) => note(pitch, context.currentTime + nth * LASTS));
  return true;
}

function note(pitch, at) {
  const voice = new OscillatorNode(context, { frequency: pitch }), loud = new GainNode(context, { gain: 0 });
  loud.gain.setTargetAtTime(LOUD, at, 0.01);
  loud.gain.setTargetAtTime(0, at + LASTS / 2, 0.04);
  voice.connect(loud).connect(context.destination);
  voice.start(at);
  voice.stop(at + 2 * LASTS);
}
