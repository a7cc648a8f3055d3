/** Style of the summary page; it follows the system's light or dark. */
export const pageStyle = `
:root { color-scheme: light dark; --accepted: #1a7f4b; --warning: #b26a00; --refused: #c03030; --failed: #7a3fb0; --open: #777;
  --line: light-dark(#ddd, #3a3a3a); --soft: light-dark(#f5f6f8, #1f2125); font: 14px/1.4 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; padding: 12px 16px; height: 100vh; display: flex; flex-direction: column; gap: 10px;
  background: light-dark(#fff, #16181b); color: light-dark(#1c1e21, #e6e6e6); }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; }
h1 { font-size: 18px; margin: 0; }
#counts { display: flex; gap: 6px; flex-wrap: wrap; }
button { font: inherit; color: inherit; border: 1px solid var(--line); border-radius: 14px; background: var(--soft); padding: 2px 10px; cursor: pointer; }
button[aria-pressed="false"] { opacity: .45; }
button::before, .state::before { content: ""; display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--dot); margin-right: 6px; }
.accepted { --dot: var(--accepted); } .warning { --dot: var(--warning); } .refused { --dot: var(--refused); }
.failed { --dot: var(--failed); } .open { --dot: var(--open); }
#figures { display: grid; grid-template-columns: minmax(220px, 1.2fr) minmax(220px, 1fr) minmax(330px, 1.2fr); gap: 12px; flex: none; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 4px; } figcaption span { font-weight: 400; }
canvas { width: 100%; height: 220px; display: block; }
#detail { border: 1px solid var(--line); border-radius: 6px; padding: 6px 8px; overflow: auto; max-height: 258px; }
#detail p { margin: 4px 0; overflow-wrap: anywhere; } #detail .pictures { display: flex; gap: 8px; }
#detail .pictures figure { padding: 2px; border: 0; } #detail img { width: 150px; height: 150px; object-fit: contain; background: var(--soft); display: block; }
#tools { margin: 0; } #table { flex: 1; min-height: 180px; display: flex; flex-direction: column; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
#head, .row { display: grid; grid-template-columns: 64px minmax(140px, 1.6fr) 104px 100px 84px 84px 84px 70px minmax(120px, 2.4fr) 190px; align-items: center; }
#head { background: var(--soft); border-bottom: 1px solid var(--line); overflow-y: scroll; scrollbar-gutter: stable; }
#head button { border: 0; background: none; border-radius: 0; text-align: left; padding: 5px 6px; font-weight: 600; white-space: nowrap; } #head button::before { display: none; }
#head button.number, .row > .number { text-align: right; font-variant-numeric: tabular-nums; }
#scroll { overflow-y: scroll; flex: 1; scrollbar-gutter: stable; } #space { position: relative; } #rows { position: absolute; inset: 0 0 auto 0; }
.row { height: 52px; border-bottom: 1px solid var(--line); cursor: default; } .row > * { padding: 0 6px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row[aria-selected="true"] { background: light-dark(#e3eefc, #23364d); } .row img { width: 48px; height: 48px; object-fit: contain; padding: 0; margin-left: 6px; display: block; }
.row .why { white-space: normal; font-size: 12px; line-height: 1.25; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; } .links a { margin-right: 8px; }
@media (max-width: 900px) { #figures { grid-template-columns: 1fr; } body { height: auto; } #table { height: 80vh; } }
@media print { body { height: auto; } #tools, #counts { display: none; } }
`;
