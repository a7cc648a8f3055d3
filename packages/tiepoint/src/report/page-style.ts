/** The style sheet of the report. Colours keep 4.5:1 on their grounds, and no meaning hangs on colour alone. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #16202b; --soft: #5a6877; --line: #d9dfe6;
  --accent: #0b63ce; --good: #0f7b47; --doubt: #9a5b00; --bad: #b3261e; --in: #0fb5a6; --out: #f2643d; }
@media (prefers-color-scheme: dark) { :root { --ground: #10151b; --card: #19212a; --ink: #e8edf2; --soft: #9fb0c0;
  --line: #2c3845; --accent: #6cb2ff; --good: #4cc38a; --doubt: #f0b15a; --bad: #ff8a7f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 1.1rem; margin: 36px 0 12px; }
p { margin: 4px 0; }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 8px solid var(--tone); border-radius: 10px; padding: 20px 24px; }
.verdict .badge { display: inline-block; color: var(--tone); border: 1.5px solid var(--tone); border-radius: 999px;
  font-weight: 600; font-size: .8rem; letter-spacing: .06em; text-transform: uppercase; padding: 1px 12px; margin-bottom: 10px; }
.accept { --tone: var(--good); } .warn { --tone: var(--doubt); } .refuse { --tone: var(--bad); }
.verdict ul { margin: 8px 0 0; padding-left: 20px; color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 12px; margin: 16px 0 0; padding: 0; }
.cards > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; }
.cards dt { color: var(--soft); font-size: .8rem; } .cards dd { margin: 0; font-size: 1.2rem; font-weight: 600; }
.cards dd small { font-size: .8rem; font-weight: 400; color: var(--soft); }
.toolbar { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: center; background: var(--card);
  border: 1px solid var(--line); border-bottom: 0; border-radius: 10px 10px 0 0; padding: 10px 14px; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; }
fieldset label { border: 1px solid var(--line); padding: 4px 10px; cursor: pointer; margin-left: -1px; font-size: .9rem; }
fieldset label:first-of-type { border-radius: 7px 0 0 7px; } fieldset label:last-of-type { border-radius: 0 7px 7px 0; }
fieldset label:has(:checked) { background: var(--accent); color: var(--card); border-color: var(--accent); }
fieldset label:has(:focus-visible), button:focus-visible, .viewport:focus-visible, input:focus-visible, summary:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; z-index: 1; }
fieldset label:has(:disabled) { opacity: .45; cursor: not-allowed; }
fieldset input { position: absolute; opacity: 0; }
.toolbar button { font: inherit; font-size: .9rem; min-width: 34px; padding: 3px 10px; border: 1px solid var(--line); border-radius: 7px;
  background: var(--card); color: var(--ink); cursor: pointer; }
.toolbar .range { display: flex; gap: 8px; align-items: center; font-size: .9rem; }
.viewport { overflow: auto; max-height: 78vh; border: 1px solid var(--line); border-radius: 0 0 10px 10px; background: #0b0f14; }
.stage { position: relative; margin: 0 auto; width: calc(var(--fit, 100%) * var(--zoom, 1)); --at: 50%;
  background: repeating-conic-gradient(#1b2129 0 25%, #12171d 0 50%) 0 0 / 24px 24px; }
.stage img { display: block; width: 100%; height: auto; }
.stage img.zoomed { image-rendering: pixelated; }
.stage .top { position: absolute; inset: 0; height: 100%; }
.stage[data-view=swipe] .top { clip-path: inset(0 0 0 var(--at)); }
.stage[data-view=checkerboard] .top { mask: repeating-conic-gradient(#000 0 25%, transparent 0 50%) 0 0 / var(--tile) var(--tile); }
.stage[data-view=blend] .top { opacity: var(--mix); }
.stage[data-view=flicker][data-phase="0"] .top { visibility: hidden; }
.stage .marks { position: absolute; inset: 0; height: 100%; pointer-events: none; image-rendering: pixelated; }
.stage .top[hidden], .stage .marks[hidden] { display: none; }
#difference { position: absolute; inset: 0; width: 100%; height: 100%; }
.stage:not([data-view=difference]) #difference, .stage[data-view=difference] img { visibility: hidden; }
.handle { position: absolute; top: 0; bottom: 0; left: var(--at); width: 0; border-left: 2px solid #fff; box-shadow: 0 0 3px #000; cursor: ew-resize; }
.handle::after { content: ""; position: absolute; inset: 0 -12px; }
.stage:not([data-view=swipe]) .handle { display: none; }
.names span { position: absolute; top: 10px; background: #000a; color: #fff; font-size: .8rem; padding: 1px 10px; border-radius: 99px; }
.names .left { left: 10px; } .names .right { right: 10px; }
.stage:not([data-view=swipe]) .names .right, .stage:not([data-view=swipe]):not([data-view=flicker]) .names { display: none; }
.overlay { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: hidden; }
.overlay * { vector-effect: non-scaling-stroke; }
.overlay path, .ellipses ellipse { fill: none; stroke-width: 1.6; }
.overlay .casing { stroke: #000a; stroke-width: 3.6; }
.residuals { stroke: #ffe14d; } .crosses { stroke: #ff8457; }
.ellipses ellipse { stroke: #5ff0e2; stroke-width: 1.2; }
.dots circle { fill: #5ff0e2; stroke: #000a; stroke-width: 1; }
.stage:not(.with-points) .overlay { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; color: var(--soft); font-size: .88rem; margin: 8px 2px; }
.legend svg { width: 22px; height: 14px; vertical-align: -2px; background: #0b0f14; border-radius: 3px; margin-right: 4px; }
.note { color: var(--soft); font-size: .88rem; margin: 6px 2px; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; overflow-x: auto; }
.histogram { width: 100%; height: auto; font-size: 13px; } .histogram text { fill: var(--soft); }
.bar-in { fill: var(--in); } .bar-out { fill: var(--out); } .axis { stroke: var(--line); }
.trend { width: 100%; height: auto; font-size: 13px; } .trend text { fill: var(--soft); } .trend path { fill: none; stroke-width: 1.4; }
.trend-x { fill: var(--in); stroke: var(--in); } .trend-y { fill: var(--out); stroke: var(--out); }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px; vertical-align: -1px; margin-right: 5px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } th:first-child, td:first-child { text-align: left; }
.facts th, .facts td { text-align: left; white-space: normal; } .facts th { width: 220px; vertical-align: top; font-weight: 400; }
.matrix td { border: 0; } code, .matrix { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; align-items: start; }
figure { margin: 0; } figcaption { font-weight: 600; font-size: .92rem; margin-bottom: 10px; }
.error-map, .normalised { display: block; width: 100%; height: auto; max-height: 420px; border-radius: 6px; font-size: 13px; }
.error-map .contour { stroke: #fff; stroke-width: 1.4; fill: none; vector-effect: non-scaling-stroke; }
.error-map .contour-casing { stroke: #0008; stroke-width: 3.4; fill: none; vector-effect: non-scaling-stroke; }
.error-map text { fill: #fff; stroke: #000b; stroke-width: 3px; paint-order: stroke; vector-effect: non-scaling-stroke; font-weight: 600; }
.map-dots circle { fill: #fff; stroke: #000c; stroke-width: 1; vector-effect: non-scaling-stroke; }
.scale { display: flex; gap: 10px; align-items: center; font-size: .85rem; margin-top: 8px; } .scale i { flex: 1; height: 12px; border-radius: 3px; }
.normalised text { fill: var(--ink); font-weight: 600; stroke: var(--card); stroke-width: 4px; paint-order: stroke; }
.ring { fill: none; stroke: var(--soft); stroke-width: 1.3; stroke-dasharray: 5 4; } .normalised-dots circle { fill: var(--in); fill-opacity: .8; }
.points th button { all: unset; cursor: pointer; } .points th button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
th[aria-sort=descending] button::after { content: " ↓"; } th[aria-sort=ascending] button::after { content: " ↑"; }
footer button { font: inherit; padding: 3px 12px; margin-right: 12px; border: 1px solid var(--line); border-radius: 7px; background: var(--card); color: var(--ink); cursor: pointer; }
.prints { display: none; }
details summary { cursor: pointer; } kbd { border: 1px solid var(--line); border-radius: 4px; padding: 0 5px; font-size: .8rem; }
footer { color: var(--soft); font-size: .85rem; margin-top: 40px; }
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #16202b; --soft: #46535f; --line: #c5ced7; --accent: #0b63ce;
    --good: #0f7b47; --doubt: #9a5b00; --bad: #b3261e; --in: #0fb5a6; --out: #f2643d; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } h2 { break-after: avoid; margin-top: 18pt; }
  .toolbar, .viewport, kbd, footer button, #difference { display: none; } .keys { display: none; }
  .verdict, .cards > div, .panel, figure, tr { break-inside: avoid; } details.panel { break-inside: auto; }
  .prints { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8pt; }
  .cards { grid-template-columns: repeat(7, 1fr); gap: 6pt; } .cards > div { padding: 6pt; } .cards dd { font-size: 11pt; } .cards dt { font-size: 7.5pt; }
  .prints .frame { position: relative; background: #0b0f14; } .prints .frame > * { display: block; width: 100%; height: auto; }
  .prints .frame > * + * { position: absolute; inset: 0; height: 100%; } .prints figcaption { font-weight: 400; margin: 2pt 0 0; }
  .prints .checked { mask: repeating-conic-gradient(#000 0 25%, transparent 0 50%) 0 0 / 25% 25%; }
  .pair { grid-template-columns: 1fr 1fr; } .error-map, .normalised { max-height: 240pt; } table { font-size: 7.5pt; } th, td { padding: 2px 5px; }
}
`;
