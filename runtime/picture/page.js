// Folding, searching, moving and the theme. The layout is that of layout.py: ranks and orders come with the page,
// and places are found anew when a box is folded.
"use strict";
(() => {
  const { regions, cells, sizes, folded: startFolded } = JSON.parse(document.getElementById("data").textContent);
  const svg = document.querySelector("svg.picture");
  const view = document.getElementById("view");
  const stage = document.getElementById("stage");
  const tip = document.getElementById("tip");
  const byId = (id) => document.getElementById(id);
  const folded = new Set(startFolded);
  const home = new Map(); // of each cell its region
  regions.forEach((region, number) => region.rows.forEach((row) => row.forEach((cell) => home.set(cell, number))));

  // Places: see `place` in layout.py

  function rightOf(cell) {
    return cell.label ? Math.max(cell.w / 2, (cell.label[1] - 0.5) * cell.w + cell.label[0]) : cell.w / 2;
  }

  function pack(row, wanted, weights) {
    const offsets = [], groups = [];
    let offset = 0;
    row.forEach((cell, index) => {
      if (index) {
        const near = cells[row[index - 1]].bend && cells[cell].bend;
        offset += rightOf(cells[row[index - 1]]) + cells[cell].w / 2 + (near ? sizes.near : sizes.gapX);
      }
      offsets.push(offset);
      let group = [weights[index], weights[index] * (wanted[index] - offset), 1];
      while (groups.length && groups[groups.length - 1][1] / groups[groups.length - 1][0] > group[1] / group[0]) {
        const last = groups.pop();
        group = [last[0] + group[0], last[1] + group[1], last[2] + group[2]];
      }
      groups.push(group);
    });
    let index = 0;
    for (const [weight, total, count] of groups)
      for (let i = 0; i < count; i++, index++) cells[row[index]].x = total / weight + offsets[index];
  }

  function pull(row, pieces, down) {
    const sums = new Map(row.map((cell) => [cell, [0, 0]]));
    for (const [source, target, out, into] of pieces) {
      const a = cells[source].x + (out - 0.5) * cells[source].w;
      const b = cells[target].x + (into - 0.5) * cells[target].w;
      const sum = sums.get(down ? target : source);
      sum[0] += down ? a - b : b - a;
      sum[1] += 1;
    }
    const wanted = row.map((cell) => cells[cell].x + (sums.get(cell)[1] ? sums.get(cell)[0] / sums.get(cell)[1] : 0));
    pack(row, wanted, row.map((cell) => (!sums.get(cell)[1] ? 0.1 : cells[cell].bend ? 4 : 1)));
  }

  function placeX(region) {
    for (const row of region.rows) pack(row, row.map(() => 0), row.map(() => 1));
    for (let sweep = 0; sweep < sizes.sweeps; sweep++) {
      const down = sweep % 2 === 0;
      const ranks = region.rows.map((_, rank) => (down ? rank : region.rows.length - 1 - rank));
      for (const rank of ranks) pull(region.rows[rank], (down ? region.links[rank] : region.links[rank + 1]) || [], down);
    }
    let left = Infinity, right = 0;
    for (const row of region.rows) for (const cell of row) left = Math.min(left, cells[cell].x - cells[cell].w / 2);
    for (const row of region.rows)
      for (const cell of row) {
        cells[cell].x -= left;
        right = Math.max(right, cells[cell].x + rightOf(cells[cell]));
      }
    region.width = right;
  }

  function placeY(region) {
    let y = 0;
    region.tops = region.rows.map((row) => {
      const height = Math.max(0, ...row.map((cell) => cells[cell].h));
      for (const cell of row) cells[cell].y = y + (height < sizes.low ? (height - cells[cell].h) / 2 : 0);
      y += height + sizes.gapY;
      return [y - sizes.gapY - height, y - sizes.gapY];
    });
    region.height = Math.max(y - sizes.gapY, 0);
  }

  function boxSize(number) {
    const cell = cells[number];
    cell.w = cell.own[0];
    cell.h = cell.own[1];
    if (folded.has(number)) return;
    let x = sizes.pad, y = sizes.head + sizes.pad / 2, line = 0, width = cell.w;
    for (const inner of cell.regions) {
      const region = regions[inner];
      region.wide = Math.max(region.width + 2 * sizes.pad, region.least);
      region.high = region.height + region.caption + sizes.pad + 10;
      if (x > sizes.pad && x + region.wide > sizes.wide) {
        x = sizes.pad;
        y += line + sizes.pad;
        line = 0;
      }
      region.corner = [x, y];
      x += region.wide + sizes.pad;
      line = Math.max(line, region.high);
      width = Math.max(width, x);
    }
    cell.w = width;
    cell.h = y + line + sizes.pad;
  }

  function shown(number) {
    for (let box = regions[number].box; box >= 0; box = regions[home.get(box)].box) if (folded.has(box)) return false;
    return true;
  }

  // Only what a fold changes is placed anew: the regions from the box outwards, and those that come into sight.
  function place(from) {
    const visible = regions.map((_, number) => shown(number));
    const changed = new Set();
    for (let number = from; number >= 0; number = number ? home.get(regions[number].box) : -1) changed.add(number);
    for (let number = regions.length - 1; number >= 0; number--) {
      const region = regions[number];
      if (!visible[number] || !(changed.has(number) || region.width === undefined)) continue;
      for (const row of region.rows) for (const cell of row) if (cells[cell].regions) boxSize(cell);
      placeX(region);
      placeY(region);
      region.moved = true;
    }
    regions.forEach((region, number) => draw(region, number, visible[number]));
  }

  function draw(region, number, visible) {
    const group = byId("r" + number);
    group.toggleAttribute("hidden", false);
    if (!visible) return group.setAttribute("display", "none");
    group.removeAttribute("display");
    if (region.box >= 0) {
      const outer = regions[home.get(region.box)], box = cells[region.box];
      region.x = outer.x + box.x - box.w / 2 + region.corner[0] + sizes.pad;
      region.y = outer.y + box.y + region.corner[1] + region.caption + 8;
      const panel = group.querySelector(":scope > .panel");
      panel.setAttribute("width", region.wide);
      panel.setAttribute("height", region.high);
    } else region.x = region.y = sizes.margin;
    group.setAttribute("transform", `translate(${region.x.toFixed(1)} ${region.y.toFixed(1)})`);
    if (!region.moved) return;
    region.moved = false;
    for (const row of region.rows) for (const cell of row) if (!cells[cell].bend) drawNode(cell);
    region.links.forEach((pieces, rank) => {
      for (const piece of pieces) drawEdge(piece, rank && region.tops[rank - 1][1], region.tops[rank][0]);
    });
  }

  function drawNode(number) {
    const cell = cells[number], group = byId("n" + number);
    group.setAttribute("transform", `translate(${(cell.x - cell.w / 2).toFixed(1)} ${cell.y.toFixed(1)})`);
    if (!cell.regions) return;
    const isFolded = folded.has(number), down = isFolded ? sizes.head - 7 : sizes.head;
    const frame = group.querySelector(":scope > .frame");
    frame.setAttribute("width", cell.w);
    frame.setAttribute("height", cell.h);
    const low = isFolded ? "a6 6 0 0 1-6 6H7a6 6 0 0 1-6-6V7" : "H1V7";
    const head = `M1 7a6 6 0 0 1 6-6H${cell.w - 7}a6 6 0 0 1 6 6V${down}${low}z`;
    group.querySelector(":scope > .head").setAttribute("d", head);
    group.querySelector(":scope > .fold").textContent = isFolded ? "▸" : "▾";
    group.setAttribute("aria-expanded", String(!isFolded));
    for (const label of group.querySelectorAll(":scope > .type")) {
      label.setAttribute("x", Number(label.dataset.at) * cell.w + 5);
      label.setAttribute("y", cell.h + 12);
    }
  }

  function drawEdge([source, target, out, into, id], bottom, top) {
    const a = cells[source], b = cells[target];
    const x = (a.x + (out - 0.5) * a.w).toFixed(1), end = (b.x + (into - 0.5) * b.w).toFixed(1);
    const stem = bottom + (a.bend ? 0 : sizes.stem), middle = (stem + top) / 2;
    const last = b.y === top ? "" : `V${b.y}`;
    byId("e" + id).setAttribute("d", `M${x} ${a.y + a.h}V${stem}C${x} ${middle} ${end} ${middle} ${end} ${top}${last}`);
  }

  // Folding

  function fold(number, want) {
    if (folded.has(number) === want) return;
    const cell = cells[number], before = pointOf(number);
    folded[want ? "add" : "delete"](number);
    place(home.get(number));
    const after = pointOf(number); // the title stays under the pointer
    if (cell.regions) moveBy((before[0] - after[0]) * scale, (before[1] - after[1]) * scale);
  }

  function pointOf(number) {
    const region = regions[home.get(number)], cell = cells[number];
    return [region.x + cell.x - cell.w / 2, region.y + cell.y];
  }

  function foldAll(want) {
    cells.forEach((cell, number) => {
      if (cell.regions) folded[want ? "add" : "delete"](number);
    });
    for (const region of regions) region.width = undefined;
    place(0);
    fit();
  }

  function open(number) {
    for (let box = regions[home.get(number)].box; box >= 0; box = regions[home.get(box)].box) fold(box, false);
  }

  // Moving

  let scale = 1, left = 0, top = 0;

  function apply() {
    view.setAttribute("transform", `translate(${left.toFixed(1)} ${top.toFixed(1)}) scale(${scale.toFixed(4)})`);
  }

  function moveBy(x, y) {
    left += x;
    top += y;
    apply();
  }

  function zoom(by, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const next = Math.min(4, Math.max(0.02, scale * by));
    left = x - ((x - left) * next) / scale;
    top = y - ((y - top) * next) / scale;
    scale = next;
    apply();
  }

  function fit() {
    const width = regions[0].width + 2 * sizes.margin, height = regions[0].height + 2 * sizes.margin + 14;
    scale = Math.min(1.25, stage.clientWidth / width, Math.max(stage.clientHeight / height, 0.75));
    left = Math.max(0, (stage.clientWidth - width * scale) / 2);
    top = Math.max(0, (stage.clientHeight - height * scale) / 2);
    apply();
  }

  function centre(number) {
    const [x, y] = pointOf(number);
    scale = Math.max(scale, 0.8);
    left = stage.clientWidth / 2 - (x + cells[number].w / 2) * scale;
    top = stage.clientHeight / 2 - (y + Math.min(cells[number].h, 60) / 2) * scale;
    apply();
  }

  let pressed = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0) pressed = [event.clientX, event.clientY, false];
  });
  window.addEventListener("pointermove", (event) => {
    if (!pressed) return;
    const x = event.clientX - pressed[0], y = event.clientY - pressed[1];
    if (!pressed[2] && Math.hypot(x, y) < 4) return;
    pressed = [event.clientX, event.clientY, true];
    stage.classList.add("dragged");
    moveBy(x, y);
  });
  window.addEventListener("pointerup", () => {
    if (pressed) setTimeout(() => stage.classList.remove("dragged"), 0);
    pressed = null;
  });
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
    else moveBy(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
  }, { passive: false });

  // Pointing: a tip in the place of the browser's own, and the edges of a node

  const tips = new Map();
  for (const title of svg.querySelectorAll("title")) {
    tips.set(title.parentNode, title.textContent);
    title.remove();
  }
  const touching = new Map(); // of each node the edges that leave and enter it
  for (const region of regions) {
    const trunks = new Map();
    for (const piece of region.links.flat()) {
      if (!trunks.has(piece[5])) trunks.set(piece[5], []);
      trunks.get(piece[5]).push(piece);
    }
    for (const pieces of trunks.values())
      for (const piece of pieces)
        for (const end of [piece[0], piece[1]])
          if (!cells[end].bend) {
            const own = cells[piece[0]].bend || end === piece[0] ? pieces : [piece];
            touching.set(end, (touching.get(end) || []).concat(own.map((one) => one[4])));
          }
  }
  let hot = [];
  stage.addEventListener("pointerover", (event) => {
    const at = event.target.closest(".node, .edge");
    for (const edge of hot) edge.classList.remove("hot");
    const ids = !at ? [] : at.matches(".node") ? touching.get(Number(at.id.slice(1))) || [] : [at.id.slice(1)];
    hot = ids.map((id) => byId("e" + id));
    for (const edge of hot) edge.classList.add("hot");
    tip.style.display = at && tips.get(at) ? "block" : "none";
    tip.textContent = (at && tips.get(at)) || "";
  });
  stage.addEventListener("pointermove", (event) => {
    const box = stage.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    tip.style.left = `${Math.max(0, Math.min(x + 14, box.width - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 20 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 20}px`;
  });
  stage.addEventListener("pointerleave", () => (tip.style.display = "none"));

  stage.addEventListener("click", (event) => {
    const box = event.target.matches(".head, .fold, .box > .title, .place") && event.target.closest(".box");
    if (box && !stage.classList.contains("dragged")) fold(Number(box.id.slice(1)), !folded.has(Number(box.id.slice(1))));
  });
  for (const box of svg.querySelectorAll(".box")) {
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "button");
    box.addEventListener("keydown", (event) => {
      if (event.target !== box || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      fold(Number(box.id.slice(1)), !folded.has(Number(box.id.slice(1))));
    });
  }

  // Searching

  const search = byId("search"), found = byId("found");
  const nodes = [...svg.querySelectorAll(".node")];
  const texts = nodes.map((node) => `${node.textContent}\n${tips.get(node) || ""}`.toLowerCase());
  let matches = [], current = -1;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const node of matches) node.classList.remove("match");
    matches = wanted ? nodes.filter((_, index) => texts[index].includes(wanted)) : [];
    for (const node of matches) node.classList.add("match");
    svg.classList.toggle("searched", matches.length > 0);
    current = -1;
    found.textContent = !wanted ? "" : matches.length ? `${matches.length} found` : "none found";
    if (matches.length) next(1);
  });
  function next(step) {
    if (!matches.length) return;
    current = (current + step + matches.length) % matches.length;
    const number = Number(matches[current].id.slice(1));
    open(number);
    centre(number);
    found.textContent = `${current + 1} of ${matches.length}`;
  }
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
    if (event.key !== "Escape") return;
    search.value = "";
    search.dispatchEvent(new Event("input"));
  });
  window.addEventListener("keydown", (event) => {
    if (event.key !== "/" || document.activeElement === search) return;
    event.preventDefault();
    search.focus();
  });

  // The theme: the system's, until it is chosen

  byId("theme").addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const theme = document.documentElement.dataset.theme || system;
    document.documentElement.dataset.theme = theme === "dark" ? "light" : "dark";
  });
  byId("fold").addEventListener("click", () => foldAll(true));
  byId("unfold").addEventListener("click", () => foldAll(false));
  byId("in").addEventListener("click", () => zoom(1.25));
  byId("out").addEventListener("click", () => zoom(0.8));
  byId("fit").addEventListener("click", fit);

  svg.removeAttribute("viewBox");
  place(0);
  fit();
  document.documentElement.dataset.ready = "yes";
})();
