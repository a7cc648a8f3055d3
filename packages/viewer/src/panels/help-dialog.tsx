import { useEffect, useRef } from 'preact/hooks';
import { useApp, useSelected } from '../session/app.js';
import { words } from '../words.js';

const { help: text } = words;

/** The keys, in a dialog. */
export function HelpDialog() {
  const { store } = useApp();
  const open = useSelected((state) => state.helpOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current!.open) dialog.current!.showModal();
    else if (!open) dialog.current!.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="help-heading" onClose={() => store.dispatch('helpToggled', { open: false })}>
      <h2 id="help-heading">{text.heading}</h2>
      <dl class="keys">
        {text.keys.map(([keys, what]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <button onClick={() => store.dispatch('helpToggled', { open: false })}>{text.close}</button>
    </dialog>
  );
}
