"use strict";
// A link to one household's sheet shows and prints that sheet alone; without this script all sheets of the page show.
{
const tools = document.getElementById("sheet-tools"), told = tools.querySelector("[role=status]");
const all = tools.querySelector("[data-do=all]");
const show = () => {
  // While the page is being read, nothing is :target yet.
  const sheets = document.querySelectorAll(".sheet"), named = document.getElementById(location.hash.slice(1));
  const one = named && named.matches(".sheet") ? named : null;
  sheets.forEach((sheet) => { sheet.hidden = Boolean(one) && sheet !== one; });
  told.textContent = one ? tools.dataset.one : tools.dataset.all;
  all.hidden = !one;
};
tools.addEventListener("click", (event) => {
  if (event.target.dataset.do === "print") print();
  if (event.target.dataset.do === "all") { location.hash = "main"; show(); }
});
addEventListener("hashchange", show);
tools.hidden = false;
show();
}
