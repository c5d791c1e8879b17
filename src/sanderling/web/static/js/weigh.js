/* How long a text is, roughly as core/text.py counts it: a hint while typing, the server judges. */

const LINK = /\bhttps?:\/\/\S+/g;
const LINKED = /\bhttps?:\/\/\S|(?<![\w@.])(?:[\p{L}\d-]+\.)+[a-z]{2,}\b/iu;
const FAR_NAME = /(@[\w.-]+)@[\w.-]+/g;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const pieces = (text) => [...graphemes.segment(text)].map((s) => s.segment);

function weight(grapheme) {
  if (PICTURE.test(grapheme)) return 2;
  return [...grapheme.normalize("NFC")].reduce((sum, c) => sum + (light(c.codePointAt(0)) ? 1 : 2), 0);
}

const light = (n) =>
  n <= 4351 || (n >= 8192 && n <= 8205) || (n >= 8208 && n <= 8223) || (n >= 8242 && n <= 8247);

/** Whether the network would make a link of something in it; in doubt, yes. */
export const hasLink = (text) => LINKED.test(text);

/** How many numbered posts a text makes, roughly as core/splitting.py cuts it. */
export function posts(text, most, counts, sign) {
  if (weigh(text + sign, counts) <= most) return 1;
  const room = most - weigh("… 9/9", counts);
  let n = 1, said = "";
  for (const word of text.split(/(?<=\s)(?=\S)/)) {
    if (said && weigh(said + word, counts) > room) {
      n += 1;
      said = "";
    }
    said += word;
    const over = Math.ceil(weigh(said, counts) / room) - 1;
    if (over > 0) n += over;
  }
  return n + (weigh(said, counts) > most - weigh(" 9/9" + sign, counts) ? 1 : 0);
}

/** The length of `text` in the units of `counts`: weighted, graphemes or characters. */
export function weigh(text, counts) {
  if (counts === "graphemes") return pieces(text).length;
  const links = (text.match(LINK) ?? []).length * 23;
  const rest = text.replace(LINK, "");
  if (counts === "characters") return links + pieces(rest.replace(FAR_NAME, "$1")).length;
  return links + pieces(rest).reduce((sum, piece) => sum + weight(piece), 0);
}
