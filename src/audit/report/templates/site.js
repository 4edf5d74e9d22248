"use strict";
// Long tables are shown a page at a time: <table data-paged="50">. Without this script, and in print, all rows show.
for (const table of document.querySelectorAll("table[data-paged]")) {
  const size = Number(table.dataset.paged);
  const rows = Array.from(table.tBodies[0].rows);
  const pages = Math.ceil(rows.length / size);
  if (pages < 2) continue;
  const words = document.body.dataset;
  const bar = document.createElement("nav");
  bar.className = "pager";
  bar.setAttribute("aria-label", words.pager);
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  let page = 0;
  const button = (title, step) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = title;
    made.addEventListener("click", () => show(page + step));
    return made;
  };
  const back = button(words.previous, -1), on = button(words.next, 1);
  const show = (wanted) => {
    page = Math.min(Math.max(wanted, 0), pages - 1);
    rows.forEach((row, place) => row.classList.toggle("off", Math.floor(place / size) !== page));
    told.textContent = words.pageOf.replace("{page}", page + 1).replace("{pages}", pages);
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
  };
  bar.append(back, told, on);
  (table.closest(".scroll") || table).after(bar);
  show(0);
}
// A closed part that a link leads into is opened, so that what it names can be seen.
const open = () => {
  // While the page is being read, nothing is :target yet.
  const named = document.getElementById(location.hash.slice(1));
  const closed = named && named.closest("details:not([open])");
  if (closed) { closed.open = true; named.scrollIntoView(); }
};
addEventListener("hashchange", open);
open();
// Paper can't be clicked: everything that can be opened is open on it.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
