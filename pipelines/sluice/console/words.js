// The page's words in the person's language, one file for each.
const SPOKEN = ["en", "de", "fr", "es", "zh"];
let words = {};
let spoken = "en";

export function language() {
  return spoken;
}

/** Load the words of the language that Open WebUI shows, else of the browser. */
export async function load() {
  const wished = [localStorage.getItem("locale"), ...navigator.languages].filter(Boolean);
  spoken = wished.map((wish) => wish.slice(0, 2).toLowerCase()).find((wish) => SPOKEN.includes(wish)) ?? "en";
  words = await (await fetch(`/sluice/assets/words/${spoken}.json`)).json();
  document.documentElement.lang = spoken;
}

/** A sentence, with its {gaps} filled. */
export function say(name, gaps = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, gap) => gaps[gap] ?? "");
}

/** A word for something the gateway names, or its own name where there is none. */
export function nameOf(kind, key) {
  return words[`${kind}.${key}`] ?? key;
}

/** Fill in the words of elements that name them. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-words]")) element.textContent = say(element.dataset.words);
}
