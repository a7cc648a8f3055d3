import { pixelToMap } from '@tiepoint/raster';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ErrorPicture, rampGradient } from '../map/error-layer.js';
import { createStage, isSideBySide, type Stage } from '../map/map-stage.js';
import { useApp, useSelected } from '../session/app.js';
import { openPair, type ViewerState } from '../state/state.js';
import { words } from '../words.js';

const { look: text } = words;

/** A place of the reference in words: its pixel, and where that is on the map. */
function placeWords({ images: { reference } }: ViewerState, [x, y]: readonly [number, number]): string {
  const georeference = reference.status === 'open' ? reference.info.georeference : null;
  const pixel = text.pixel(x, y);
  if (georeference === null) return pixel;
  const [mapX, mapY] = pixelToMap(georeference.geotransform, x, y);
  const { crs } = georeference;
  const digits = crs?.kind === 'geographic' ? 6 : 2;
  return `${pixel}, ${text.mapPlace(mapX.toFixed(digits), mapY.toFixed(digits), crs?.code ?? crs?.name ?? '')}`;
}

function SwipeHandle() {
  const { store } = useApp();
  const { comparison, swipe } = useSelected((state) => state.look);
  const sideBySide = useSelected(isSideBySide);
  const ready = useSelected((state) => openPair(state) !== null);
  if (comparison !== 'swipe' || sideBySide || !ready) return null;
  return (
    <div
      class="swipe-handle"
      aria-hidden="true"
      style={{ left: `${100 * swipe}%` }}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={({ currentTarget, pointerId, clientX }) => {
        if (!currentTarget.hasPointerCapture(pointerId)) return;
        const { left, width } = currentTarget.parentElement!.getBoundingClientRect();
        store.dispatch('looked', { swipe: Math.min(1, Math.max(0, (clientX - left) / width)) });
      }}
    />
  );
}

function Legend({ picture }: { picture: ErrorPicture | null }) {
  const look = useSelected((state) => state.look);
  const points = useSelected(({ result }) => (result?.tiePoints.length ?? 0) > 0);
  return (
    <div class="legend">
      {look.points && points && <p>{text.ellipses(look.exaggeration)}</p>}
      {picture !== null && (
        <p>
          {picture.low.toFixed(2)} <span class="ramp" style={{ background: rampGradient }} /> {picture.high.toFixed(2)}{' '}
          {text.errorLegend}
        </p>
      )}
    </div>
  );
}

/** The maps. */
export function MapView({ onStage }: { onStage: (stage: Stage | null) => void }) {
  const { store, actions } = useApp();
  const [place, setPlace] = useState('');
  const [picture, setPicture] = useState<ErrorPicture | null>(null);
  const sideBySide = useSelected(isSideBySide);
  const loupe = useSelected((state) => state.look.loupe);
  const [main, second, loupeElement] = [
    useRef<HTMLDivElement>(null),
    useRef<HTMLDivElement>(null),
    useRef<HTMLDivElement>(null),
  ];
  const crosshairs = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)] as const;
  const stage = useRef<Stage | null>(null);
  useEffect(() => {
    const elements = {
      main: main.current!,
      second: second.current!,
      loupe: loupeElement.current!,
      crosshairs: [crosshairs[0].current!, crosshairs[1].current!] as const,
    };
    const made = createStage(elements, store, actions, {
      onPlace: (at) => setPlace(at === null ? '' : placeWords(store.state, at)),
      onError: setPicture,
    });
    stage.current = made;
    onStage(made);
    return () => {
      onStage(null);
      made.close();
    };
  }, [store, actions]);
  useEffect(() => {
    stage.current?.main.map.updateSize();
  }, [sideBySide]);
  return (
    <div class={`maps ${sideBySide ? 'side-by-side' : ''}`}>
      <div class="map-frame">
        <div class="map" ref={main} tabIndex={0} role="application" aria-label={text.map} data-map="main" />
        <div class="crosshair" ref={crosshairs[0]} hidden />
        {sideBySide && <span class="map-name">{text.reference}</span>}
        <SwipeHandle />
      </div>
      <div class="map-frame second" hidden={!sideBySide}>
        <div class="map" ref={second} tabIndex={0} role="application" aria-label={text.mapSensed} data-map="second" />
        <div class="crosshair" ref={crosshairs[1]} hidden />
        <span class="map-name">{text.sensed}</span>
      </div>
      <div class="loupe" ref={loupeElement} hidden={!loupe} aria-hidden="true" />
      <div class="zoom" role="group" aria-label={text.heading}>
        <button aria-label={text.zoomIn} title={text.zoomIn} onClick={() => stage.current?.zoom(1)}>
          +
        </button>
        <button aria-label={text.zoomOut} title={text.zoomOut} onClick={() => stage.current?.zoom(-1)}>
          −
        </button>
        <button aria-label={text.fit} title={text.fit} onClick={() => stage.current?.fit()}>
          ⤢
        </button>
      </div>
      <Legend picture={picture} />
      <output class="place" aria-live="off">
        {place}
      </output>
    </div>
  );
}
