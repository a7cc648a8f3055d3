import { differenceScript } from './difference-script.js';
import { printScript } from './print-script.js';
import { tableScript } from './table-script.js';

/** The script of the report: plain browser code without imports, since the page must stand alone. */
export const pageScript = `
(() => {
  const stage = document.querySelector('.stage');
  const viewport = document.querySelector('.viewport');
  const range = document.querySelector('#range');
  const rangeName = document.querySelector('#range-name');
  const tops = { before: document.querySelector('#before'), after: document.querySelector('#after') };
  const left = document.querySelector('.names .left');
  const right = document.querySelector('.names .right');
  const ranges = {
    swipe: { name: 'Position', value: 50, apply: (v) => stage.style.setProperty('--at', v + '%') },
    checkerboard: { name: 'Tile size', value: 30, apply: (v) => stage.style.setProperty('--tile', (4 + v * 0.46) + 'cqmin') },
    flicker: { name: 'Speed', value: 40, apply: () => restart() },
    blend: { name: 'Sensed share', value: 50, apply: (v) => stage.style.setProperty('--mix', v / 100) },
    difference: { name: 'Gain', value: 25, apply: (v) => drawDifference(difference, shown(), 1 + v * 0.07) },
  };
  let timer = 0;
  let zoom = 1;
  const view = () => stage.dataset.view;
  const shown = () => document.querySelector('[name=state]:checked').value;
  const sensedName = () => 'sensed, ' + shown();
${differenceScript}
  function restart() {
    clearInterval(timer);
    if (view() !== 'flicker') { left.textContent = 'reference'; right.textContent = sensedName(); return; }
    // At most 1.7 changes a second: flashing faster than three times a second can hurt.
    timer = setInterval(() => {
      stage.dataset.phase = stage.dataset.phase === '1' ? '0' : '1';
      left.textContent = stage.dataset.phase === '1' ? sensedName() : 'reference';
    }, 2000 - ranges.flicker.value * 14);
  }
  function setView(name) {
    stage.dataset.view = name;
    const r = ranges[name];
    rangeName.textContent = r.name;
    range.value = r.value;
    r.apply(r.value);
    restart();
  }
  function setState() {
    for (const [name, image] of Object.entries(tops)) if (image) image.hidden = name !== shown();
    if (view() === 'difference') ranges.difference.apply(ranges.difference.value);
    restart();
  }
  function setZoom(next) {
    const before = zoom;
    zoom = Math.min(16, Math.max(1, next));
    const cx = (viewport.scrollLeft + viewport.clientWidth / 2) * zoom / before;
    const cy = (viewport.scrollTop + viewport.clientHeight / 2) * zoom / before;
    stage.style.setProperty('--zoom', zoom);
    for (const image of stage.querySelectorAll('img')) image.classList.toggle('zoomed', zoom >= 3);
    viewport.scrollLeft = cx - viewport.clientWidth / 2;
    viewport.scrollTop = cy - viewport.clientHeight / 2;
    document.querySelector('#zoom').textContent = Math.round(zoom * 100) + ' %';
  }
  range.addEventListener('input', () => { ranges[view()].value = Number(range.value); ranges[view()].apply(Number(range.value)); });
  for (const input of document.querySelectorAll('[name=view]')) input.addEventListener('change', () => setView(input.value));
  for (const input of document.querySelectorAll('[name=state]')) input.addEventListener('change', setState);
  const points = document.querySelector('#points');
  points.addEventListener('change', () => stage.classList.toggle('with-points', points.checked));
  const marks = document.querySelector('#marks-shown');
  marks?.addEventListener('change', () => { stage.querySelector('.marks').hidden = !marks.checked; });
  document.querySelector('#zoom-in').addEventListener('click', () => setZoom(zoom * 1.5));
  document.querySelector('#zoom-out').addEventListener('click', () => setZoom(zoom / 1.5));
  document.querySelector('#zoom-fit').addEventListener('click', () => setZoom(1));
  let dragging = false;
  const drag = (event) => {
    const box = stage.getBoundingClientRect();
    ranges.swipe.value = Math.min(100, Math.max(0, (event.clientX - box.left) / box.width * 100));
    range.value = ranges.swipe.value;
    ranges.swipe.apply(ranges.swipe.value);
  };
  stage.addEventListener('pointerdown', (event) => {
    if (view() !== 'swipe') return;
    dragging = true;
    stage.setPointerCapture(event.pointerId);
    drag(event);
    event.preventDefault();
    viewport.focus();
  });
  stage.addEventListener('pointermove', (event) => { if (dragging) drag(event); });
  stage.addEventListener('pointerup', () => { dragging = false; });
  const pick = (name, value) => {
    const input = document.querySelector('[name=' + name + '][value=' + value + ']');
    if (input && !input.disabled) { input.checked = true; input.dispatchEvent(new Event('change')); }
  };
  viewport.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const views = { 1: 'swipe', 2: 'checkerboard', 3: 'flicker', 4: 'blend', 5: 'difference' };
    if (views[event.key]) pick('view', views[event.key]);
    else if (event.key === 'b') pick('state', shown() === 'before' ? 'after' : 'before');
    else if (event.key === 'p') points.click();
    else if (event.key === '+' || event.key === '=') setZoom(zoom * 1.5);
    else if (event.key === '-') setZoom(zoom / 1.5);
    else if (event.key === '0') setZoom(1);
    else if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && zoom === 1) {
      range.value = Number(range.value) + (event.key === 'ArrowLeft' ? -2 : 2);
      range.dispatchEvent(new Event('input'));
    } else return;
    event.preventDefault();
  });
  setView('swipe');
  setState();
  prepareDifferences().then(() => {
    if (view() === 'difference') setView('difference');
    document.documentElement.dataset.ready = 'true';
  });
${printScript}
${tableScript}
})();
`;
