/* What scripts say, in the language of the page: core/words.py has the same. English needs no
   catalogue, and stands in where one cannot be fetched. */

const { lang, dataset } = document.documentElement;
const none = { words: {}, forms: {} };
const said = dataset.words ? await fetch(dataset.words).then((answer) => (answer.ok ? answer.json() : none)).catch(() => none) : none;
const classes = new Intl.PluralRules(lang);
/* Figures of the West and always grouped, as the server writes them. */
const figures = new Intl.NumberFormat(lang, { numberingSystem: "latn", useGrouping: "always" });
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" });

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** A whole number as it is written: 1,412 or 1.412. */
export const figure = (n) => figures.format(n);

/** The time of a day: 08:47. */
export const clockTime = (moment) => clock.format(moment);

/** Marks a sentence that is said elsewhere, or kept in English. */
export const later = (sentence) => sentence;

/** A sentence, with {name} for each of the values. */
export function say(sentence, values = {}) {
  return fill(said.words[sentence] ?? sentence, values);
}

/** What fits n things, with {n} as a figure. */
export function many(one, more, n, values = {}) {
  const forms = said.words[one];
  const found = forms ? forms[said.forms[classes.select(n)] ?? forms.length - 1] : n === 1 ? one : more;
  return fill(found, { n: figure(n), ...values });
}

/** A sentence with an element in place of {name}, as nodes; the sentence still has that place. */
export function around(sentence, name, node) {
  const [before, after = ""] = sentence.split(`{${name}}`);
  return [before, node, after];
}
