// Loads the figures, shows them, and keeps them current while somebody looks.
import { Refused, names, overview } from "./api.js";
import { el } from "./dom.js";
import { setMoney } from "./format.js";
import { page } from "./page.js";
import { followTheme } from "./theme.js";
import { load as loadWords, say, translate } from "./words.js";

const EVERY = 10_000; // milliseconds between two looks
const figures = document.getElementById("figures");
const choice = document.getElementById("choice");
const said = document.getElementById("said");
let shown = null;
let timer = 0;
const ready = loadWords().then(() => translate(document)); // on their way together with the figures

function chosen() {
  const form = new FormData(choice);
  // Before the first answer nobody knows whether there is a choice; the gateway then shows the most it may.
  const scope = document.getElementById("scope").hidden ? "" : form.get("scope");
  return { days: form.get("days"), scope };
}

async function show({ loud = false } = {}) {
  clearTimeout(timer);
  const wanted = chosen();
  try {
    const [asked] = await Promise.allSettled([overview(wanted), ready]);
    if (asked.status === "rejected") throw asked.reason;
    const found = asked.value;
    if (found && chosen().days === wanted.days && (!wanted.scope || chosen().scope === wanted.scope)) await draw(found);
    if (loud) said.textContent = say("updated");
  } catch (error) {
    fail(error);
  } finally {
    figures.setAttribute("aria-busy", "false");
    timer = setTimeout(show, EVERY);
  }
}

async function draw(found) {
  setMoney(found.currency);
  const people = await names(found);
  shown = { found, people };
  document.getElementById("scope").hidden = !found.may_see_all;
  document.getElementById("whose").textContent = say(found.scope === "all" ? "ofEveryone" : "ofYou");
  page(figures, found, people);
}

function fail(error) {
  const sentence = error instanceof Refused ? say("refused") : say("unreachable");
  const notice = el("p", { class: "notice bad", role: "alert" }, sentence);
  // Figures that are there stay there, under a line that says that they are not current.
  figures.querySelector(":scope > .notice.bad")?.remove();
  figures.prepend(notice);
}

choice.addEventListener("submit", (event) => event.preventDefault());
choice.addEventListener("change", () => show({ loud: true }));
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : show()));
followTheme(() => shown && page(figures, shown.found, shown.people));
await show();
