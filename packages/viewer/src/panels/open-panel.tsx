import { useRef, useState } from 'preact/hooks';
import { useApp, useSelected } from '../session/app.js';
import { exampleNames, openExample } from '../session/examples.js';
import type { OpenedImage } from '../state/state.js';
import type { Role } from '../worker/tiles-worker.js';
import { words } from '../words.js';
import { DisplayControls } from './display-controls.js';
import { FailureNote } from './failure-note.js';

const { open: text } = words;

/** An image that is open: what it is, and how it is shown. */
function OpenImage({ role, image }: { role: Role; image: OpenedImage }) {
  const { info } = image;
  const crs = info.georeference?.crs?.name ?? text.crsNone;
  return (
    <>
      <p class="name" title={info.name}>
        {image.source.name}
      </p>
      <p class="quiet">
        {text.size(info.width, info.height)}, {info.format}, {crs}
      </p>
      {info.warnings.map((warning) => (
        <p class="quiet" key={warning}>
          {warning}
        </p>
      ))}
      <DisplayControls role={role} image={image} />
    </>
  );
}

/** Where one of both images is opened. */
function Slot({ role }: { role: Role }) {
  const { store, actions } = useApp();
  const image = useSelected(({ images }) => images[role]);
  const [url, setUrl] = useState('');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const [title, hint] = role === 'reference' ? [text.reference, text.referenceHint] : [text.sensed, text.sensedHint];
  return (
    <section
      class={`slot ${over ? 'over' : ''}`}
      aria-label={title}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        void actions.openFiles([...(event.dataTransfer?.files ?? [])], role);
      }}
    >
      <h3>
        {title} <span class="quiet">{hint}</span>
        {image.status !== 'none' && (
          <button
            class="plain"
            aria-label={text.close(title)}
            title={text.close(title)}
            onClick={() => store.dispatch('imageClosed', { role })}
          >
            ×
          </button>
        )}
      </h3>
      {image.status === 'opening' && <p role="status">{text.opening(image.source.name)}</p>}
      {image.status === 'failed' && <FailureNote failure={image.failure} />}
      {image.status === 'open' && <OpenImage role={role} image={image} />}
      {(image.status === 'none' || image.status === 'failed') && (
        <>
          <button onClick={() => input.current?.click()}>{text.choose}</button> <span class="quiet">{text.drop}</span>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            data-role={role}
            onChange={({ currentTarget }) => void actions.openFiles([...(currentTarget.files ?? [])], role)}
          />
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              void actions.openAddress(url, role);
            }}
          >
            <label>
              {text.url}
              <input
                type="url"
                required
                placeholder={text.urlPlaceholder}
                value={url}
                onInput={({ currentTarget }) => setUrl(currentTarget.value)}
              />
            </label>
            <button>{text.openUrl}</button>
          </form>
        </>
      )}
    </section>
  );
}

/** Where both images are opened, and examples. */
export function OpenPanel() {
  const { actions } = useApp();
  const empty = useSelected(({ images }) => images.reference.status === 'none' && images.sensed.status === 'none');
  return (
    <section class="panel" aria-labelledby="open-heading">
      <h2 id="open-heading">{text.heading}</h2>
      {empty && <p class="quiet">{text.formats}</p>}
      <Slot role="reference" />
      <Slot role="sensed" />
      {empty && (
        <>
          <h3>{text.examples}</h3>
          <ul class="examples">
            {exampleNames.map((name) => (
              <li key={name}>
                <button data-example={name} onClick={() => void openExample(actions, name)}>
                  {words.examples[name].title}
                </button>
                <span class="quiet">{words.examples[name].about}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
