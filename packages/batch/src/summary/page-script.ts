/**
 * What moves the summary page, as it stands in it: plain JavaScript without a library. Ten thousand rows are sorted as numbers and
 * only those in view are made into elements; footprints and histogram are drawn on canvases.
 */
export const pageScript = String.raw`
'use strict';
const { fields, rows: packed } = JSON.parse(document.getElementById('data').textContent);
const rows = packed.map((values) => Object.fromEntries(fields.map((field, i) => [field, values[i]])));
const $ = (id) => document.getElementById(id);
const states = ['accepted', 'warning', 'refused', 'failed', 'open'];
const hidden = new Set();
let sortBy = null, downwards = false, selected = null, view = rows;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const show = (value, digits) => value === null ? '–' : Number(value.toPrecision(digits)).toString();
const inMetres = rows.some((row) => row.shiftMetres !== null);
const shiftOf = (row) => row.shiftX === null ? null : inMetres ? row.shiftMetres : Math.hypot(row.shiftX, row.shiftY);
const columns = [
  { title: '', value: null },
  { title: 'pair', value: (row) => row.name },
  { title: 'verdict', value: (row) => states.indexOf(row.state) },
  { title: 'tie points', value: (row) => row.inliers, number: true },
  { title: 'CE90, px', value: (row) => row.ce90, number: true },
  { title: 'CE90, m', value: (row) => row.ce90Metres, number: true },
  { title: inMetres ? 'shift, m' : 'shift, px', value: shiftOf, number: true },
  { title: 'time, s', value: (row) => row.seconds, number: true },
  { title: 'why', value: (row) => row.reason },
  { title: 'files', value: null },
];
const rowHeight = 52;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function cell(text, kind) {
  return element('div', { className: kind || '', textContent: text, title: kind === 'number' ? '' : text });
}

function links(row) {
  const named = [['image', row.output], ['solution', row.solution], ['report', row.report]];
  return element('div', { className: 'links' }, ...named.map(([text, href]) => href === null ? null : element('a', { href, textContent: text })));
}

function makeRow(row) {
  const picture = row.after || row.before;
  const made = element('div', { className: 'row' },
    picture === null ? cell('') : element('img', { src: picture, alt: '', loading: 'lazy' }),
    cell(row.name), element('div', { className: 'state ' + row.state, textContent: row.state }),
    cell(row.inliers === null ? '–' : row.inliers + ' / ' + row.tiePoints, 'number'),
    cell(show(row.ce90, 3), 'number'), cell(show(row.ce90Metres, 3), 'number'), cell(show(shiftOf(row), 3), 'number'),
    cell(show(row.seconds, 2), 'number'), cell(row.reason, 'why'), links(row));
  made.setAttribute('role', 'row');
  made.setAttribute('aria-selected', String(row === selected));
  made.onclick = () => select(row, false);
  return made;
}

function drawRows() {
  const scroll = $('scroll');
  const first = Math.max(0, Math.floor(scroll.scrollTop / rowHeight) - 4);
  const last = Math.min(view.length, first + Math.ceil(scroll.clientHeight / rowHeight) + 8);
  $('space').style.height = view.length * rowHeight + 'px';
  $('rows').style.top = first * rowHeight + 'px';
  $('rows').replaceChildren(...view.slice(first, last).map(makeRow));
}

function update() {
  const words = $('find').value.toLowerCase();
  view = rows.filter((row) => !hidden.has(row.state) && (words === '' || (row.name + ' ' + row.reason).toLowerCase().includes(words)));
  if (sortBy !== null) {
    const keyed = view.map((row) => [sortBy.value(row), row]);
    const direction = downwards ? -1 : 1;
    // What is not known comes last either way.
    keyed.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : direction * (typeof a === 'string' ? a.localeCompare(b) : a - b));
    view = keyed.map(([, row]) => row);
  }
  $('shown').textContent = view.length === rows.length ? rows.length + ' pairs' : view.length + ' of ' + rows.length + ' pairs';
  drawRows();
  drawMap();
  drawHistogram();
}

function select(row, scrollTo) {
  selected = row;
  const pictures = [['before', row.before], ['after', row.after]].filter(([, src]) => src !== null)
    .map(([text, src]) => element('figure', {}, element('img', { src, alt: 'checkerboard ' + text }), text));
  const facts = row.shiftX === null ? null : element('p', { textContent: 'moved by (' + show(row.shiftX, 3) + ', ' + show(row.shiftY, 3) + ') px' +
    (row.shiftMetres === null ? '' : ', ' + show(row.shiftMetres, 3) + ' m') + '; model ' + row.model });
  const parts = [element('p', {}, element('b', { textContent: row.name }), ' ', element('span', { className: 'state ' + row.state, textContent: row.state })),
    element('div', { className: 'pictures' }, ...pictures), facts, row.reason === '' ? null : element('p', { textContent: row.reason }),
    element('p', { textContent: row.sensed + ' on ' + row.reference }), links(row)];
  $('detail').replaceChildren(...parts.filter((part) => part !== null));
  const at = view.indexOf(row);
  if (scrollTo && at >= 0) $('scroll').scrollTop = Math.max(0, at * rowHeight - $('scroll').clientHeight / 2);
  drawRows();
  drawMap();
}

function fit(canvas) {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  return { context, width, height };
}

let toCanvas = null;
function drawMap() {
  const { context, width, height } = fit($('map'));
  const placed = view.filter((row) => row.footprint !== null);
  $('map-note').textContent = placed.length === view.length ? '' : '(' + placed.length + ' of ' + view.length + ' say where they lie)';
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { footprint } of placed) for (let i = 0; i < footprint.length; i += 2) {
    west = Math.min(west, footprint[i]); east = Math.max(east, footprint[i]);
    south = Math.min(south, footprint[i + 1]); north = Math.max(north, footprint[i + 1]);
  }
  toCanvas = null;
  if (placed.length === 0) return;
  const stretch = Math.cos((south + north) / 2 * Math.PI / 180);
  const scale = Math.min((width - 60) / Math.max((east - west) * stretch, 1e-9), (height - 40) / Math.max(north - south, 1e-9));
  const [cx, cy] = [(west + east) / 2, (south + north) / 2];
  toCanvas = (x, y) => [width / 2 + (x - cx) * stretch * scale, height / 2 - 6 - (y - cy) * scale];
  context.font = '11px system-ui';
  context.fillStyle = css('--open');
  context.strokeStyle = css('--open');
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.fillText(west.toFixed(3) + '°', 4, height - 5);
  context.fillText(east.toFixed(3) + '°', width - 60, height - 5);
  context.fillText(north.toFixed(3) + '°', 4, 12);
  for (const row of [...placed].sort((a, b) => (a === selected) - (b === selected))) {
    context.beginPath();
    for (let i = 0; i < row.footprint.length; i += 2) context.lineTo(...toCanvas(row.footprint[i], row.footprint[i + 1]));
    context.strokeStyle = context.fillStyle = css('--' + row.state);
    context.globalAlpha = row === selected ? 0.45 : placed.length > 200 ? 0.04 : 0.12;
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = row === selected ? 2.5 : 1;
    context.stroke();
  }
}

function drawHistogram() {
  const { context, width, height } = fit($('histogram'));
  $('unit').textContent = inMetres ? 'm' : 'px';
  const shifts = view.filter((row) => shiftOf(row) !== null).map((row) => [shiftOf(row), row.state]);
  if (shifts.length === 0) return;
  const sorted = shifts.map(([value]) => value).sort((a, b) => a - b);
  // Few far ones must not press the others into one bar; they stand in the last.
  const top = Math.max(sorted[Math.floor(0.98 * (sorted.length - 1))] * 1.05, 1e-6);
  const bars = Array.from({ length: 24 }, () => Object.fromEntries(states.map((state) => [state, 0])));
  for (const [value, state] of shifts) bars[Math.min(23, Math.floor(value / top * 24))][state]++;
  const most = Math.max(...bars.map((bar) => states.reduce((sum, state) => sum + bar[state], 0)));
  const [left, bottom] = [34, 20];
  const step = (width - left - 6) / 24;
  bars.forEach((bar, i) => {
    let y = height - bottom;
    for (const state of states) {
      const tall = bar[state] / most * (height - bottom - 14);
      context.fillStyle = css('--' + state);
      context.fillRect(left + i * step, y - tall, Math.max(1, step - 1), tall);
      y -= tall;
    }
  });
  context.fillStyle = css('--open');
  context.font = '11px system-ui';
  context.fillText(String(most), 4, 16);
  context.fillText('0', left, height - 5);
  const last = show(top, 2) + (sorted[sorted.length - 1] > top ? ' and more' : '');
  context.fillText(last, width - 8 - context.measureText(last).width, height - 5);
}

for (const state of states) {
  const count = rows.filter((row) => row.state === state).length;
  if (count === 0) continue;
  const button = element('button', { className: state, textContent: count + ' ' + state, type: 'button' });
  button.setAttribute('aria-pressed', 'true');
  button.onclick = () => {
    if (!hidden.delete(state)) hidden.add(state);
    button.setAttribute('aria-pressed', String(!hidden.has(state)));
    update();
  };
  $('counts').append(button);
}
for (const column of columns) {
  const button = element('button', { textContent: column.title, className: column.number ? 'number' : '', type: 'button' });
  button.setAttribute('role', 'columnheader');
  button.disabled = column.value === null;
  button.onclick = () => {
    downwards = sortBy === column && !downwards;
    sortBy = column;
    for (const other of $('head').children) other.textContent = other.textContent.replace(/ [▲▼]$/, '');
    button.textContent = column.title + (downwards ? ' ▼' : ' ▲');
    $('scroll').scrollTop = 0;
    update();
  };
  $('head').append(button);
}
$('find').oninput = update;
$('scroll').onscroll = drawRows;
$('scroll').onkeydown = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const row = view[Math.max(0, Math.min(view.length - 1, view.indexOf(selected) + step))];
  if (row !== undefined) select(row, true);
};
$('map').onclick = (event) => {
  if (toCanvas === null) return;
  const context = $('map').getContext('2d');
  const ratio = devicePixelRatio || 1;
  const hit = view.filter(({ footprint }) => {
    if (footprint === null) return false;
    const path = new Path2D();
    for (let i = 0; i < footprint.length; i += 2) path.lineTo(...toCanvas(footprint[i], footprint[i + 1]));
    return context.isPointInPath(path, event.offsetX * ratio, event.offsetY * ratio);
  });
  if (hit.length > 0) select(hit[(hit.indexOf(selected) + 1) % hit.length], true);
};
addEventListener('resize', update);
update();
`;
