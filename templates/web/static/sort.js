// The sort page: four passes (read, piles, levels, pairs) over the same works.

import { announce, byId, closeSite, isTaken, make, tell } from "./house.js";
import { act, isPiled, keepPlace, load, onChange, remember, sort, takesPart, undo, workOf } from "./sortstate.js";
import { boardKey, openBoard, update } from "./sortboard.js";
import { isOpen, refresh } from "./sortlook.js";
import { openPairs, pairKey, updatePairs } from "./sortpairs.js";
import { askAside } from "./sortquestions.js";
import { fetchAhead, fillView, onView, pagesOf, shownQuestion, stepQuestion } from "./sortview.js";

let pass = "read";
let reading = "";

const readOnes = () => new Set(sort.place.read ?? []);

function go(to, at = "") {
  pass = to;
  remember({ pass: to, at });
  if (to === "read") openReading(at);
  else if (to === "pairs") openPairs();
  else openBoard(to, at);
  tellPasses();
}

function tellPasses() {
  const here = sort.works.filter(takesPart);
  const counts = {
    read: `${readOnes().size} of ${sort.works.length}`,
    piles: `${here.filter(isPiled).length} of ${here.length}`,
    levels: `${here.filter((work) => work.level).length} of ${here.length}`,
    pairs: sort.sitting ? `${sort.sitting.pairs.filter((pair) => pair.more !== null).length} of ${sort.sitting.pairs.length}` : "",
  };
  for (const button of document.querySelectorAll("[data-pass]")) {
    if (button.dataset.pass === pass) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    button.querySelector(".count").textContent = counts[button.dataset.pass];
  }
  byId("undo").disabled = !sort.undo;
}

// Reading --------------------------------------------------------------------------------------------------------------

function openReading(at) {
  const seen = readOnes();
  const start = sort.works.find((work) => work.alias === at) ?? sort.works.find((work) => !seen.has(work.alias));
  byId("main").className = "reading";
  fillView();
  if (start) showReading(start.alias);
  else showRead();
}

function showReading(alias) {
  reading = alias;
  const aliases = sort.works.map((work) => work.alias);
  const at = aliases.indexOf(alias);
  const work = workOf(alias);
  const seen = readOnes().add(alias);
  remember({ pass: "read", at: alias, read: [...seen] });
  byId("main").replaceChildren(
    make("div", { className: "reading-head" },
      make("h2", {}, alias, make("span", { className: "small quiet" }, ` ${at + 1} of ${aliases.length}`)),
      make("p", { className: "quiet small" }, work.aside ? `Set aside: ${work.aside}.` : "Read through all of them once. Nothing is asked yet."),
      make("div", { className: "reading-tools" },
        make("button", { type: "button", id: "read-aside", onclick: () => readAside(alias) }, work.aside ? "Take back" : "Set aside"),
        make("button", { type: "button", disabled: at === 0, id: "read-before", onclick: () => stepReading(-1) }, "← Back"),
        make("button", { type: "button", className: "first", id: "read-next", onclick: () => stepReading(1) }, at + 1 < aliases.length ? "Next →" : "All read"))),
    make("div", { className: "reading-pages", tabIndex: 0, attr: { role: "region", "aria-label": `Pages of ${alias}` } }, ...pagesOf(alias)));
  fetchAhead(aliases[at + 1]);
  tellPasses();
}

async function readAside(alias) {
  if (workOf(alias).aside) await act("put", { alias, pile: "" });
  else await askAside(alias);
  showReading(alias);
  byId("read-aside").focus();
}

function stepReading(by) {
  const at = sort.works.findIndex((work) => work.alias === reading) + by;
  if (at < 0) return;
  const had = document.activeElement?.id;
  if (at >= sort.works.length) showRead();
  else showReading(sort.works[at].alias);
  (byId(had === "read-before" && at > 0 ? "read-before" : "read-next") ?? byId("main")).focus();
  scrollTo(0, 0);
}

function showRead() {
  reading = "";
  remember({ pass: "read", at: "" });
  byId("main").replaceChildren(make("section", { className: "plain-page" },
    make("h2", {}, "You have seen every work"),
    make("p", {}, "Now lay together what thinks alike, and name each pile in your own words."),
    make("div", { className: "onward" },
      make("button", { type: "button", className: "first", id: "read-next", onclick: () => go("piles") }, "Make piles"),
      make("button", { type: "button", className: "plain", onclick: () => showReading(sort.works[0].alias) }, "Read again"))));
}

function readKey(event) {
  if (event.key === "ArrowRight" || event.key === "Enter" || event.key === " ") { if (reading) stepReading(1); else go("piles"); }
  else if (event.key === "ArrowLeft") { if (reading) stepReading(-1); }
  else if (event.key.toLowerCase() === "x" && reading) readAside(reading);
  else return false;
  return true;
}

// All passes -------------------------------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !event.target.closest?.("input, textarea") && !byId("ask").open) { byId("keys").showModal(); event.preventDefault(); return; }
  const typing = event.target.closest?.("input, textarea, select");
  const isUndo = event.key.toLowerCase() === "u" || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z");
  if (isUndo && !typing && !byId("ask").open && !byId("keys").open) { undo(); event.preventDefault(); return; }
  if (isTaken(event) || !sort) return;
  const onButton = event.target.closest("button, a") && (event.key === "Enter" || event.key === " ");
  if (onButton) return;
  if (event.key.toLowerCase() === "q") { stepQuestion(event.shiftKey ? -1 : 1); event.preventDefault(); return; }
  const taken = { read: readKey, piles: boardKey, levels: boardKey, pairs: pairKey }[pass](event);
  if (taken) event.preventDefault();
});

for (const button of document.querySelectorAll("[data-pass]")) button.onclick = () => go(button.dataset.pass);
byId("undo").onclick = undo;
byId("help").onclick = () => byId("keys").showModal();
byId("keys-close").onclick = () => byId("keys").close();
byId("close").onclick = async () => {
  await keepPlace();
  await closeSite().catch(() => {});
  sort.place = {}; // nobody would answer it any more
  document.querySelector(".top").remove();
  byId("main").className = "reading";
  byId("main").replaceChildren(make("section", { className: "plain-page" }, make("h2", {}, "Closed"),
    make("p", {}, "Everything is kept. You can close this tab; the same command opens the sort where you were.")));
};
addEventListener("pagehide", () => {
  const { pass: where, at, read } = sort?.place ?? {};
  if (where) navigator.sendBeacon?.("/api/at", new Blob([JSON.stringify({ pass: where, at: at ?? "", read: read ?? [] })], { type: "application/json" }));
});

onView(() => {
  if (pass === "piles" || pass === "levels") update();
  if (pass === "read" && reading) showReading(reading);
  const at = shownQuestion();
  announce(at < 0 ? "Whole responses" : `Answers ${at + 1} of ${sort.questions.length}`);
});

onChange(() => {
  tellPasses();
  if (pass === "piles" || pass === "levels") update();
  if (pass === "pairs") updatePairs();
  if (isOpen()) refresh();
});

try {
  await load();
  go(sort.place.pass ?? "read", sort.place.at ?? "");
} catch (refused) {
  tell(refused.message, 60);
}
