import { useEffect, useState } from 'preact/hooks';
import type { Stage } from '../map/map-stage.js';
import { useApp, useSelected } from '../session/app.js';
import { bindKeyboard } from '../session/keyboard.js';
import { words } from '../words.js';
import { ExportPanel } from './export-panel.js';
import { FailureNote } from './failure-note.js';
import { HelpDialog } from './help-dialog.js';
import { LookBar } from './look-bar.js';
import { MapView } from './map-view.js';
import { MendPanel } from './mend-panel.js';
import { OpenPanel } from './open-panel.js';
import { PointTable } from './point-table.js';
import { RegisterPanel } from './register-panel.js';
import { VerdictPanel } from './verdict-panel.js';

function Notice() {
  const { store } = useApp();
  const notice = useSelected((state) => state.notice);
  if (notice === null) return null;
  return (
    <div class="notice">
      {notice.code === 'done' ? <p role="status">{notice.message}</p> : <FailureNote failure={notice} />}
      <button
        class="plain"
        aria-label={words.notice.dismiss}
        onClick={() => store.dispatch('noticed', { notice: null })}
      >
        ×
      </button>
    </div>
  );
}

/** The whole page. */
export function Page() {
  const app = useApp();
  const [stage, setStage] = useState<Stage | null>(null);
  useEffect(() => bindKeyboard(app, () => stage), [app, stage]);
  return (
    <div
      class="page"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void app.actions.openFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <header>
        <h1>{words.title}</h1>
        <p class="quiet">{words.tagline}</p>
        <p class="quiet privacy">{words.privacy}</p>
        <button onClick={() => app.store.dispatch('helpToggled', { open: true })}>{words.help.button}</button>
      </header>
      <aside class="left" aria-label={words.sides.left}>
        <OpenPanel />
        <RegisterPanel />
        <ExportPanel stage={stage} />
      </aside>
      <main>
        <LookBar />
        <MapView onStage={setStage} />
        <Notice />
      </main>
      <aside class="right" aria-label={words.sides.right}>
        <VerdictPanel />
        <MendPanel />
        <PointTable stage={stage} />
      </aside>
      <HelpDialog />
    </div>
  );
}
