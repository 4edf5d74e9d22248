"use strict";
// Finds households in the index of the page. What is chosen stands behind the # of the address, so that it can be sent.
{
const data = JSON.parse(document.getElementById("finder-data")?.textContent || "null");
const SIZE = 50, PRESENCES = ["new", "unchanged", "updated", "recurred"];
const at = (id) => document.getElementById(id);
const make = (name, text, style) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (style) made.className = style;
  return made;
};
const start = () => {
  const fields = { id: at("by-id"), severity: at("by-severity"), rule: at("by-rule"), village: at("by-village"), presence: at("by-presence") };
  const titles = Object.fromEntries(Array.from(fields.presence.options).map((one) => [one.value, one.textContent]));
  const words = document.body.dataset, [back, on] = at("turn").querySelectorAll("button"), turned = at("turn").querySelector("span");
  let page = 1;
  // A finding is its rule's place times eight, plus its presence's place, plus four if it is only a hint.
  const rule = (finding) => data.rules[finding >> 3];
  const severity = (finding) => finding & 4 ? "advisory" : rule(finding)[2];
  data.rules.forEach(([id, title]) => fields.rule.append(new Option(`${id} ${title}`, id)));
  [...fields.rule.options].slice(1).sort((a, b) => a.text.localeCompare(b.text, "en", { numeric: true })).forEach((one) => fields.rule.append(one));
  data.villages.forEach(([code, title]) => fields.village.append(new Option(title, code)));
  const fits = (finding) => (fields.severity.value ? severity(finding) === fields.severity.value : !(finding & 4))
    && (!fields.rule.value || rule(finding)[0] === fields.rule.value)
    && (!fields.presence.value || PRESENCES[finding & 3] === fields.presence.value);
  const chosen = () => {
    const part = fields.id.value.trim().toLowerCase();
    return data.rows.filter((row) => (!part || row[0].toLowerCase().includes(part))
      && (!fields.village.value || data.villages[row[2]][0] === fields.village.value) && row[4].some(fits));
  };
  const isHome = (row) => !row[5] || row[5].startsWith("household-");
  const line = (row) => {
    const code = data.villages[row[2]][0], file = `${code}${row[3] > 1 ? "-" + row[3] : ""}.html#${row[5] || "household-" + row[0]}`;
    const counted = row[4].some((one) => !(one & 4));
    const made = make("tr"), head = make("th"), link = make("a");
    head.scope = "row";
    link.href = file;
    link.append(make("bdi", row[0]));
    head.append(link, " ", make("bdi", row[1]));
    const found = make("td"), own = row[4].filter(fits), changes = new Set(own.map((one) => PRESENCES[one & 3]));
    const shown = [...own, ...row[4].filter((one) => !fits(one) && !(one & 4))];
    shown.slice(0, 6).forEach((one) => found.append(make("span", rule(one)[1], "badge " + severity(one)), " "));
    if (shown.length > 6) found.append(`+${shown.length - 6}`);
    const sheet = make("td");
    if (isHome(row) && counted) {
      const print = make("a", at("finder").dataset.print);
      print.href = "sheets-" + file;
      print.setAttribute("aria-label", `${print.textContent} ${row[0]}`);
      sheet.append(print);
    }
    const village = make("td");
    village.append(make("bdi", data.villages[row[2]][1]));
    made.append(head, village, found, make("td", PRESENCES.filter((one) => changes.has(one)).map((one) => titles[one]).join(" ")), sheet);
    return made;
  };
  const show = () => {
    const rows = chosen(), pages = Math.max(1, Math.ceil(rows.length / SIZE));
    page = Math.min(Math.max(page, 1), pages);
    const first = (page - 1) * SIZE, part = rows.slice(first, first + SIZE), count = at("counted");
    at("found").replaceChildren(...part.map(line));
    const homes = rows.filter(isHome).length, told = { homes, others: rows.length - homes, first: first + 1, last: first + part.length };
    count.textContent = rows.length ? count.dataset.many.replace(/{(\w+)}/g, (_, name) => told[name].toLocaleString("en")) : count.dataset.none;
    turned.textContent = words.pageOf.replace("{page}", page).replace("{pages}", pages);
    back.disabled = page === 1;
    on.disabled = page === pages;
    at("turn").hidden = pages === 1;
  };
  // The address is read when it is opened or changed by hand, and written when something is chosen.
  const read = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const [name, field] of Object.entries(fields)) {
      field.value = given.get(name) || "";
      if (field.selectedIndex === -1) field.value = "";
    }
    page = Number(given.get("page")) || 1;
    show();
  };
  const write = () => {
    const given = new URLSearchParams();
    for (const [name, field] of Object.entries(fields)) if (field.value.trim()) given.set(name, field.value.trim());
    if (page > 1) given.set("page", page);
    history.replaceState(null, "", given.size || String(given) ? "#" + given : location.pathname + location.search);
    show();
  };
  Object.values(fields).forEach((field) => field.addEventListener("input", () => { page = 1; write(); }));
  at("clear").addEventListener("click", () => { Object.values(fields).forEach((field) => { field.value = ""; }); page = 1; write(); fields.id.focus(); });
  fields.id.addEventListener("keydown", (event) => {
    const only = event.key === "Enter" && at("found").querySelectorAll("th a");
    if (only && only.length === 1) location.href = only[0].href;
  });
  at("turn").addEventListener("click", (event) => { page += Number(event.target.dataset.step || 0); write(); });
  addEventListener("hashchange", () => { if (location.hash.includes("=") || !location.hash) read(); });
  at("finder").hidden = false;
  if (location.hash.includes("=")) read(); else show();
};
if (data) start();
}
