// Makes elements; text stays text, and nothing is ever parsed as HTML.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "style") Object.assign(made.style, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A card with a heading, a quiet remark or link beside it, and what it holds. */
export function card({ title, beside = [], span = 12, label }, ...children) {
  const id = `h-${label}`;
  return el(
    "section", { class: `card span-${span}`, "aria-labelledby": id, "data-card": label },
    el("header", {}, el("h2", { id }, title), beside), children,
  );
}

/** A table that scrolls by itself on a narrow screen. Columns: {name, of(row), number, wide}. */
export function table(columns, rows, caption) {
  const kind = (column) => (column.number ? "n" : column.wide ? "wide" : "name");
  const head = columns.map((column) => el("th", { scope: "col", class: kind(column) }, column.name));
  const body = rows.map((row) => el("tr", {}, columns.map((column) => el("td", { class: kind(column) }, column.of(row)))));
  return el("div", { class: "scroll", tabindex: rows.length > 8 ? "0" : null },
    el("table", {}, caption && el("caption", { class: "hidden" }, caption), el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

/** A bar for the eye only; the same numbers stand beside it as text. */
export function bar(...parts) {
  const pieces = parts.map(({ share, kind = "" }) => el("i", { class: kind, style: { width: `${Math.min(100, Math.max(0, share * 100))}%` } }));
  return el("div", { class: "bar", "aria-hidden": "true" }, pieces);
}
