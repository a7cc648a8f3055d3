import { controlPointEndings, type WarpResampling, warpResamplings } from '@tiepoint/raster';
import { useState } from 'preact/hooks';
import type { Stage } from '../map/map-stage.js';
import { mapPicture } from '../map/map-picture.js';
import { slidePicture } from '../map/slide-picture.js';
import { useApp, useSelected } from '../session/app.js';
import { commandLine } from '../session/command-line.js';
import { slideText } from '../session/slide-text.js';
import { words } from '../words.js';

const { exported: text } = words;

function Command({ resampling }: { resampling: string }) {
  const [copied, setCopied] = useState(false);
  const command = useSelected((state) => commandLine(state, resampling));
  if (command === null) return null;
  return (
    <>
      <h3>{text.command}</h3>
      <code class="command">{command}</code>
      <button
        onClick={() => {
          void navigator.clipboard.writeText(command).then(() => setCopied(true));
        }}
      >
        {copied ? text.copied : text.copy}
      </button>
    </>
  );
}

function Points() {
  const { actions } = useApp();
  const [ending, setEnding] = useState('.geojson');
  const hasPoints = useSelected(({ result }) => (result?.tiePoints.length ?? 0) > 0);
  return (
    <div class="row">
      <label>
        {text.points}
        <select value={ending} onChange={({ currentTarget }) => setEnding(currentTarget.value)}>
          {controlPointEndings.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        data-export="points"
        disabled={!hasPoints}
        onClick={() => void actions.savePoints(`${text.pointsFile}${ending}`)}
      >
        {text.download}
      </button>
    </div>
  );
}

/** The warped image and its item, which take a while. */
function Image({ resampling }: { resampling: WarpResampling }) {
  const { actions } = useApp();
  const [percent, setPercent] = useState<string | null>(null);
  const [controller, setController] = useState<AbortController | null>(null);
  const refused = useSelected(({ result }) => result?.registration.verdict === 'refuse');
  const save = async (what: 'saveImage' | 'saveItem'): Promise<void> => {
    const started = new AbortController();
    setController(started);
    setPercent('0');
    await actions[what](resampling, { signal: started.signal, onProgress: setPercent });
    setPercent(null);
  };
  const disabled = refused || percent !== null;
  return (
    <>
      <div class="row">
        <button class="primary" data-export="image" disabled={disabled} onClick={() => void save('saveImage')}>
          {text.image}
        </button>
        <button data-export="item" disabled={disabled} onClick={() => void save('saveItem')}>
          {text.item}
        </button>
      </div>
      <div class="row">
        <p class="quiet progress" role="status">
          {percent === null ? (refused ? text.refused : '') : text.writing(percent)}
        </p>
        {/* Its place is kept: what is below would jump from under the pointer. */}
        <button class={percent === null ? 'held' : ''} onClick={() => controller?.abort()}>
          {words.register.cancel}
        </button>
      </div>
    </>
  );
}

/** What can be taken away. */
export function ExportPanel({ stage }: { stage: Stage | null }) {
  const { store, actions } = useApp();
  const [resampling, setResampling] = useState<WarpResampling>('bilinear');
  const done = useSelected(({ result }) => result !== null);
  if (!done) return null;
  const picture = (kind: 'picture' | 'slide'): void => {
    const said = slideText(store.state);
    if (stage === null || said === null) return;
    const view = mapPicture(stage.main.map);
    if (kind === 'picture') void actions.savePicture(view, text.pictureFile);
    else void actions.savePicture(slidePicture(view, said), text.slideFile);
  };
  return (
    <section class="panel" aria-labelledby="export-heading">
      <h2 id="export-heading">{text.heading}</h2>
      <div class="row">
        <label>
          {text.resampling}
          <select
            value={resampling}
            onChange={({ currentTarget }) => setResampling(currentTarget.value as WarpResampling)}
          >
            {warpResamplings.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Image resampling={resampling} />
      <Points />
      <div class="row">
        <button data-export="solution" onClick={actions.saveSolution}>
          {text.solution}
        </button>
        <button data-export="report" onClick={() => void actions.saveReport()}>
          {text.report}
        </button>
        <button data-export="picture" onClick={() => picture('picture')}>
          {text.picture}
        </button>
        <button data-export="slide" onClick={() => picture('slide')}>
          {text.slide}
        </button>
      </div>
      <Command resampling={resampling} />
    </section>
  );
}
