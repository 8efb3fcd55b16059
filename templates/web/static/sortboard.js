// The table: cards on one side, piles or levels on the other. Both passes use it, and differ only in the targets.

import { announce, askInDialog as ask, byId, make, tell } from "./house.js";
import { LEVELS, NEW, act, isPiled, pileOf, remember, sort, takesPart, workOf } from "./sortstate.js";
import { look } from "./sortlook.js";
import { askAside, askObjective, askUntilTaken, newPile, textField } from "./sortquestions.js";
import { cardPicture, fetchAhead, fillView, picture } from "./sortview.js";

const ASIDE = "set aside";
const cards = new Map();   // alias → list item, reused so that pictures load once
let pass = "piles";
let chosen = "";           // alias of the card that buttons and keys act on
let showing = { piles: NEW, levels: "" };
let parts = null;          // the elements of the board
let dragged = "";

// The menu of a pile --------------------------------------------------------------------------------------------

async function pileMenu(pile) {
  const others = sort.piles.filter((one) => one.name !== pile.name);
  const doing = await ask(`“${pile.name}”`, [
    make("fieldset", {}, make("legend", {}, "What to do"),
      ...[["show", "Look at its works"], ["rename", "Rename it"], ...(others.length ? [["merge", "Merge it into another pile"]] : []),
        ...(pile.evidence ? [["forget", "Take its evidence away"]] : []), ["delete", "Delete it; its works are not yet sorted again"]]
        .map(([value, text], at) => make("label", { className: "choice" }, make("input", { type: "radio", name: "what", value, checked: at === 0 }), text))),
  ], "Go on");
  if (doing?.what === "show") show(pile.name);
  if (doing?.what === "forget") { await act("point", { pile: pile.name, box: null }); focusTarget(pile.name); }
  if (doing?.what === "delete") { await act("delete", { pile: pile.name }); focusTarget(""); }
  if (doing?.what === "rename") {
    const said = await askUntilTaken("Rename the pile", ({ name }) => [textField("Name", "name", name)], "Rename",
      ({ name }) => name.trim() && (name.trim() === pile.name || act("rename", { pile: pile.name, name })), { name: pile.name });
    focusTarget(said?.name.trim() ?? pile.name);
  }
  if (doing?.what === "merge") {
    const list = make("select", { name: "into" }, ...others.map((one) => make("option", { value: one.name }, one.name)));
    const said = await ask(`Merge “${pile.name}” into …`, [make("label", {}, "Pile", list)], "Merge");
    if (said) await act("merge", { pile: pile.name, into: said.into });
    focusTarget(said?.into ?? pile.name);
  }
}

/** After something was done with a pile, keys go on from there; a pile that is gone leaves them at “New pile”. */
function focusTarget(id) {
  ([...parts.targets.querySelectorAll("[data-target]")].find((one) => one.dataset.target === id) ?? parts.fresh).focus();
}

/** Fill a part of the board anew; the button that had the focus there gives it to the one that says the same. */
function refill(part, children) {
  const told = (button) => button.getAttribute("aria-label") ?? button.dataset.target ?? button.textContent;
  const had = part.contains(document.activeElement) ? told(document.activeElement) : null;
  part.replaceChildren(...children);
  if (had !== null) [...part.querySelectorAll("button")].find((button) => told(button) === had)?.focus();
}

// The targets for a card ------------------------------------------------------------------------------------------------

/** The targets of a pass; their keys are the same on the table and in the large view. */
export function targetsOf(which, work) {
  if (which === "levels") {
    return LEVELS.map((level) => ({ key: level[0].toUpperCase(), name: level[0].toUpperCase() + level.slice(1), id: level,
      on: work?.level === level, go: (alias) => act("level", { alias, level }) }));
  }
  const piles = sort.piles.map((pile, at) => ({ key: at < 9 ? String(at + 1) : "", name: pile.name, id: pile.name, pile,
    on: work?.pile === pile.name, go: (alias) => act("put", { alias, pile: pile.name }) }));
  return [...piles, { key: "0", name: "Not sure", id: sort.unsure, on: Boolean(work?.unsure), go: (alias) => act("put", { alias, pile: sort.unsure }) }];
}

const clear = (alias) => (pass === "levels" ? act("level", { alias, level: "" }) : act("put", { alias, pile: "" }));

/** The groups that can be shown, each with its works. */
function groups() {
  const here = sort.works.filter(takesPart);
  const aside = { id: ASIDE, name: "Set aside", works: sort.works.filter((work) => work.aside) };
  if (pass === "levels") {
    return [{ id: "", name: "Without a level", works: here.filter((work) => !work.level) },
      ...LEVELS.map((level) => ({ id: level, name: level[0].toUpperCase() + level.slice(1), works: here.filter((work) => work.level === level) })), aside];
  }
  return [{ id: NEW, name: "Not yet sorted", works: here.filter((work) => !isPiled(work)) },
    ...sort.piles.map((pile) => ({ id: pile.name, name: pile.name, works: here.filter((work) => work.pile === pile.name) })),
    { id: sort.unsure, name: "Not sure", works: here.filter((work) => work.unsure) }, aside];
}

function show(id) {
  showing[pass] = id;
  chosen = "";
  update();
  focusCard(group().works[0]?.alias);
}

const group = () => groups().find((one) => one.id === showing[pass]) ?? groups()[0];

// The board -------------------------------------------------------------------------------------------------------------

export function openBoard(which, at) {
  pass = which;
  parts = {
    said: make("p", { className: "board-said" }),
    show: make("select", { id: "show", onchange: (event) => show(event.target.value) }),
    cards: make("ul", { className: "cards", attr: { "aria-label": "Works" } }),
    empty: make("p", { className: "empty quiet", hidden: true }),
    chosen: make("div", { className: "chosen", attr: { role: "group", "aria-label": "The chosen work" } }),
    targets: make("div", { className: "targets" }),
  };
  parts.fresh = make("button", { type: "button", className: "fresh", onclick: () => newPile(chosen).then(advance) });
  const head = make("div", { className: "board-head" }, parts.said,
    make("label", { className: "shows" }, make("span", {}, "Show"), parts.show));
  const table = make("section", { className: "table", attr: { "aria-label": "Cards" } }, head, parts.cards, parts.empty);
  const side = make("section", { className: "side", attr: { "aria-label": which === "levels" ? "Levels" : "Piles" } },
    parts.chosen, parts.targets, ...(which === "piles" ? [parts.fresh] : []));
  byId("main").className = `board ${which}`;
  byId("main").replaceChildren(table, side);
  fillView();
  parts.cards.addEventListener("keydown", walkCards);
  const start = workOf(at);
  const first = start && group().works.includes(start) ? start : group().works[0];
  chosen = first?.alias ?? ""; // so that keys work as soon as the board is open
  update();
}

export function update() {
  if (!parts?.cards.isConnected) return;
  const now = group();
  showing[pass] = now.id;
  parts.said.textContent = pass === "levels" ? "" : sort.piles.length ? "Put works that think alike on one pile." : "Look at the cards, then make your first pile.";
  if (pass === "levels") {
    parts.said.replaceChildren(sort.objective || "No learning objective is stated yet. ",
      make("button", { type: "button", className: "plain", onclick: () => askObjective().then(() => parts.said.querySelector("button")?.focus()) }, sort.objective ? "Change" : "State it"));
  }
  fillShow();
  if (!now.works.some((work) => work.alias === chosen)) chosen = "";
  keepCards(now.works);
  parts.empty.hidden = now.works.length > 0;
  parts.empty.textContent = now.id === NEW ? "Every work lies on a pile. Go on to the levels." : now.id === "" ? "Every work has a level. Go on to the pairs." : "Nothing here.";
  fillTargets();
  fillChosen();
}

function fillShow() {
  parts.show.replaceChildren(...groups().map(({ id, name, works }) =>
    make("option", { value: id, selected: id === showing[pass] }, `${name} (${works.length})`)));
}

/** Put exactly those cards there, in that order, and touch no other: what has the focus keeps it. */
function keepCards(works) {
  const wanted = works.map((work) => card(work));
  const keep = new Set(wanted);
  for (const one of [...parts.cards.children]) if (!keep.has(one)) one.remove();
  let here = parts.cards.firstElementChild;
  for (const one of wanted) {
    if (one === here) here = here.nextElementSibling;
    else parts.cards.insertBefore(one, here);
  }
  const first = chosen || works[0]?.alias;
  for (const work of works) {
    const item = cards.get(work.alias);
    const button = item.firstChild;
    const pressed = String(work.alias === chosen);
    const index = work.alias === first ? 0 : -1;
    if (button.tabIndex !== index) button.tabIndex = index;
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    showPicture(button, work.alias);
    if (item.note === work.note) continue;
    item.note = work.note;
    button.setAttribute("aria-label", `${work.alias}, ${work.pages} ${work.pages === 1 ? "page" : "pages"}${work.note ? ", with a note" : ""}`);
    item.classList.toggle("noted", Boolean(work.note));
  }
}

/** The picture of what is shown now; a response that lacks the page of the question has none. */
function showPicture(button, alias) {
  const wanted = cardPicture(alias);
  if (button.dataset.shows === wanted) return;
  button.dataset.shows = wanted;
  button.classList.toggle("none", !wanted);
  // A new element: the old one would show the old picture until the new one is there.
  button.querySelector("img").replaceWith(make("img", { ...(wanted && { src: wanted }), alt: "", loading: "lazy", draggable: false }));
}

function card({ alias, pages }) {
  if (!cards.has(alias)) {
    const button = make("button", { type: "button", className: "card", draggable: true, data: { alias } },
      make("img", { alt: "", loading: "lazy", draggable: false }),
      make("span", { className: "card-foot" }, make("span", { className: "alias" }, alias), make("span", { className: "small quiet" }, pages > 1 ? `${pages} pages` : "1 page")));
    button.onclick = () => choose(alias);
    button.onfocus = () => choose(alias);
    button.ondblclick = () => open(alias);
    button.ondragstart = (event) => { dragged = alias; choose(alias); event.dataTransfer.setData("text/plain", alias); event.dataTransfer.effectAllowed = "move"; };
    button.ondragend = () => { dragged = ""; };
    cards.set(alias, make("li", {}, button));
  }
  return cards.get(alias);
}

function choose(alias) {
  if (chosen === alias) return;
  const before = cards.get(chosen)?.firstChild;
  before?.setAttribute("aria-pressed", "false");
  if (before) before.tabIndex = -1;
  for (const one of parts.cards.querySelectorAll('[tabindex="0"]')) one.tabIndex = -1;
  chosen = alias;
  const button = cards.get(alias)?.firstChild;
  button?.setAttribute("aria-pressed", "true");
  if (button) button.tabIndex = 0;
  fillTargets();
  fillChosen();
  remember({ pass, at: alias });
  clearTimeout(aheadWaits);
  aheadWaits = setTimeout(() => fetchAhead(alias), 300);
}
let aheadWaits = 0;

function focusCard(alias) {
  if (!alias) { byId("main").focus(); return; }
  choose(alias);
  cards.get(alias)?.firstChild.focus();
}

/** After a card has gone from those shown, go on with the one that took its place. */
function advance() {
  if (chosen && group().works.some((work) => work.alias === chosen)) { focusCard(chosen); return; }
  const { works } = group();
  if (works.length) focusCard(works[Math.min(place, works.length - 1)].alias);
  else update();
}
let place = 0;

function putChosen(target) {
  if (!chosen) { tell("Choose a card first.", 3); return; }
  const work = workOf(chosen);
  const alias = chosen;
  place = Math.max(0, group().works.findIndex((one) => one.alias === alias));
  const stays = target.on;
  target.go(alias);
  if (stays) { announce(`${work.alias} lies there already`); return; }
  advance();
}

function fillTargets() {
  const work = chosen ? workOf(chosen) : null;
  const all = groups();
  refill(parts.targets, targetsOf(pass, work).map((target) => {
    const count = all.find((one) => one.id === target.id)?.works.length ?? 0;
    const button = make("button", { type: "button", className: "target", data: { target: target.id }, attr: { "aria-pressed": String(target.on) }, onclick: () => putChosen(targetsOf(pass, chosen ? workOf(chosen) : null).find((one) => one.id === target.id)) },
      make("kbd", { attr: { "aria-hidden": "true" } }, target.key), make("span", { className: "target-name" }, target.name),
      make("span", { className: "target-count small quiet" }, String(count), make("span", { className: "unseen" }, count === 1 ? " work" : " works")));
    const row = make("div", { className: "target-row" }, button);
    if (target.pile) row.append(make("button", { type: "button", className: "plain more", attr: { "aria-label": `More for the pile ${target.name}` }, onclick: () => pileMenu(target.pile) }, "⋯"));
    if (target.pile?.evidence) row.append(evidence(target.pile));
    row.ondragover = (event) => { event.preventDefault(); row.classList.add("over"); };
    row.ondragleave = (event) => { if (!row.contains(event.relatedTarget)) row.classList.remove("over"); };
    row.ondrop = (event) => { event.preventDefault(); row.classList.remove("over"); if (dragged) { choose(dragged); putChosen(targetsOf(pass, workOf(dragged)).find((one) => one.id === target.id)); } };
    return row;
  }));
  parts.fresh.replaceChildren(make("kbd", { attr: { "aria-hidden": "true" } }, "N"), make("span", {}, chosen ? `New pile for ${chosen}` : "New pile"));
}

/** The place in a work that shows what the pile means. */
function evidence(pile) {
  const { alias, page, box: [x, y, w, h] } = pile.evidence;
  const image = make("img", { src: picture(alias, page, "large"), alt: `Evidence in ${alias}, page ${page}`, loading: "lazy" });
  image.style.width = `${100 / w}%`;
  const frame = make("button", { type: "button", className: "evidence", onclick: () => open(alias) }, image);
  image.onload = () => {
    frame.style.aspectRatio = `${image.naturalWidth * w} / ${image.naturalHeight * h}`;
    image.style.marginLeft = `${-100 * x / w}%`;
    image.style.marginTop = `${-100 * y / w * (image.naturalHeight / image.naturalWidth)}%`;
  };
  return frame;
}

function fillChosen() {
  const work = chosen && workOf(chosen);
  if (!work) {
    parts.chosen.replaceChildren(make("p", { className: "quiet small" }, "Choose a card, then what it goes on. Or drag it there."));
    return;
  }
  const lies = pass === "levels" ? work.level : isPiled(work);
  refill(parts.chosen, [make("strong", {}, work.alias),
    make("button", { type: "button", onclick: () => open(work.alias) }, "Look"),
    ...(lies ? [make("button", { type: "button", onclick: () => takeOff() }, pass === "levels" ? "No level" : "Take off")] : []),
    work.aside ? make("button", { type: "button", onclick: () => { takeOff(); } }, "Take back")
      : make("button", { type: "button", onclick: () => asideChosen() }, "Set aside"),
    ...(work.aside ? [make("p", { className: "small quiet" }, `Set aside: ${work.aside}`)] : []),
    ...(work.note ? [make("p", { className: "small quiet note" }, work.note)] : [])]);
}

function takeOff() {
  place = Math.max(0, group().works.findIndex((one) => one.alias === chosen));
  if (workOf(chosen).aside) act("put", { alias: chosen, pile: "" });
  else clear(chosen);
  advance();
}

async function asideChosen() {
  if (!chosen) return;
  place = Math.max(0, group().works.findIndex((one) => one.alias === chosen));
  await askAside(chosen);
  advance();
}

/** Open a card large, to be put from there too. */
export function open(alias = chosen) {
  if (!alias) return;
  const list = group().works.map((work) => work.alias);
  const now = pass;
  look(alias, {
    pass: now, list: list.includes(alias) ? list : [alias], what: now === "levels" ? "Level" : "Pile",
    targets: (work) => targetsOf(now, work),
    moved: (to) => remember({ pass: now, at: to }),
    clear: (one) => clear(one),
    ...(now === "piles" && { fresh: (one) => newPile(one) }),
    closed: (last) => { update(); focusCard(nearest(list, last)); },
  });
}

/** The work itself where it is still among those shown; else the next one of the row, else the one before. */
function nearest(row, alias) {
  const still = new Set(group().works.map((work) => work.alias));
  const at = row.indexOf(alias);
  return [...row.slice(at), ...row.slice(0, Math.max(at, 0)).reverse()].find((one) => still.has(one)) ?? group().works[0]?.alias;
}

// Keys --------------------------------------------------------------------------------------------------------------

const WALKS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

function walkCards(event) {
  const button = event.target.closest(".card");
  if (!button) return;
  if (event.key === "Enter") { event.preventDefault(); choose(button.dataset.alias); open(button.dataset.alias); }
  if (!WALKS.includes(event.key)) return;
  const all = [...parts.cards.querySelectorAll(".card")];
  const at = all.indexOf(button);
  const top = all[0].offsetTop;
  const across = event.key === "ArrowUp" || event.key === "ArrowDown" ? Math.max(1, all.findIndex((one) => one.offsetTop > top)) : 0;
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: all.length - 1 }[event.key];
  event.preventDefault();
  const next = all[Math.min(Math.max(to, 0), all.length - 1)];
  if (to >= 0 || at > 0) { next.focus(); choose(next.dataset.alias); }
}

/** A key on the table; whether it was one of ours. */
export function boardKey(event) {
  const key = event.key.toLowerCase();
  const target = targetsOf(pass, chosen ? workOf(chosen) : null).find((one) => one.key && one.key.toLowerCase() === key);
  if (target) putChosen(target);
  else if (key === "n" && pass === "piles") newPile(chosen).then(advance);
  else if (key === "x") asideChosen();
  else if (key === "backspace" || key === "delete") { if (chosen) takeOff(); }
  else return false;
  return true;
}
