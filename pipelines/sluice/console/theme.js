// Light or dark, as Open WebUI shows itself, else as the system does.
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = localStorage.getItem("theme") ?? "system";
  if (chosen === "system") return system.matches;
  return chosen.includes("dark") || chosen === "her" || chosen.includes("rose-pine dark");
}

/** Set the theme now and whenever it changes; the charts are drawn anew, since their colours are pixels. */
export function followTheme(redraw) {
  const set = () => {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
    redraw();
  };
  system.addEventListener("change", set);
  addEventListener("storage", (event) => event.key === "theme" && set());
  set();
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
