"use strict";
// Shows the controls that have every ticked status and severity, and all the words of the search.
const filters = document.getElementById("filters");
const controls = [...document.querySelectorAll("details")];
const texts = new Map(controls.map((each) => [each, each.textContent.toLowerCase()]));

const ticked = (name) =>
  new Set([...filters.querySelectorAll(`input[name="${name}"]:checked`)].map((each) => each.value));

function apply() {
  const statuses = ticked("status");
  const severities = ticked("severity");
  const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const each of controls) {
    const matches =
      statuses.has(each.dataset.status) &&
      severities.has(each.dataset.severity) &&
      words.every((word) => texts.get(each).includes(word));
    each.hidden = !matches;
    shown += matches ? 1 : 0;
  }
  document.getElementById("none").hidden = shown > 0;
}

filters.addEventListener("input", apply);
filters.addEventListener("submit", (event) => event.preventDefault());
apply();
