import { inverseTransformPoint } from '@tiepoint/geometry';
import type { Actions } from '../session/actions.js';
import { shownTransform } from '../session/actions.js';
import type { ViewerStore } from '../state/viewer-store.js';
import { listedPoints } from '../state/point-list.js';
import { type ImageState, type Look, openPair, type ViewerState } from '../state/state.js';
import type { ErrorPicture } from './error-layer.js';
import { type CompareMap, createCompareMap, type MapEvents } from './compare-map.js';
import type { LayerContent } from './image-layer.js';
import { loupeOf } from './loupe.js';
import { type PixelGrid, pixelGrid, toMap } from './pixel-grid.js';
import type { DrawnPoints } from './point-layer.js';

/** Elements that maps are put in. */
export interface StageElements {
  readonly main: HTMLElement;
  readonly second: HTMLElement;
  readonly loupe: HTMLElement;
  readonly crosshairs: readonly [HTMLElement, HTMLElement];
}

/** What the stage tells the page that is not part of its state. */
export interface StageEvents {
  readonly onPlace: (place: readonly [number, number] | null) => void;
  readonly onError: (picture: ErrorPicture | null) => void;
}

/** The maps of the page, which follow its state. */
export interface Stage {
  readonly main: CompareMap;
  fit(): void;
  /** Ends what is being drawn. */
  finish(): void;
  zoom(factor: number): void;
  close(): void;
}

/** Whether two maps stand beside each other: to look, or to click the same place in both. */
export function isSideBySide({ look, tool }: ViewerState): boolean {
  return look.comparison === 'side-by-side' || tool === 'add' || tool === 'move';
}

function nameOf({ source }: Extract<ImageState, { status: 'open' }>): string {
  if (source.kind === 'url') return source.url;
  const { name, size, lastModified } = source.file;
  return `${name} ${size} ${lastModified}`;
}

/** What both layers show. */
function contents(state: ViewerState): { reference: LayerContent | null; sensed: LayerContent | null } {
  const { reference, sensed } = state.images;
  if (reference.status !== 'open') return { reference: null, sensed: null };
  const transform = shownTransform(state);
  return {
    reference: { image: nameOf(reference), role: 'reference', transform: null, display: reference.display },
    sensed:
      sensed.status === 'open' && transform !== null
        ? { image: nameOf(sensed), role: 'sensed', transform, display: sensed.display }
        : null,
  };
}

/** What is drawn of the tie points; null where they are hidden. */
function drawnPoints(state: ViewerState): DrawnPoints | null {
  const { result, look, points, edits, pending } = state;
  if (!look.points || result === null) return pending === null ? null : { ...nothing, pending: pending.reference };
  return {
    tiePoints: result.tiePoints,
    listed: listedPoints(result.tiePoints, points),
    selected: points.selected,
    hovered: points.hovered,
    exaggeration: look.exaggeration,
    excluded: edits.present.excluded,
    pending: pending?.reference ?? null,
  };
}

const nothing: DrawnPoints = {
  tiePoints: [],
  listed: [],
  selected: null,
  hovered: null,
  exaggeration: 1,
  excluded: [],
  pending: null,
};

/** Draws only where one of some parts of the state is another than when it was drawn last. */
function onChange(of: (state: ViewerState) => readonly unknown[], draw: (state: ViewerState) => void) {
  let last: readonly unknown[] | null = null;
  return (state: ViewerState): void => {
    const next = of(state);
    if (last !== null && next.every((part, i) => part === last![i])) return;
    last = next;
    draw(state);
  };
}

/** Corners that were clicked of a mask. */
function maskTool(store: ViewerStore, stage: () => CompareMap) {
  let corners: (readonly [number, number])[] = [];
  const draw = (): void => {
    const state = store.state;
    const points = drawnPoints(state) ?? nothing;
    const ring = corners.length > 1 ? [corners] : [];
    stage().drawPoints({ ...points, excluded: [...points.excluded, ...ring], pending: corners.at(-1) ?? null });
  };
  return {
    click(place: readonly [number, number]): void {
      corners = [...corners, place];
      draw();
    },
    end(): void {
      // A double click has clicked its place twice before.
      const ring = corners.filter(([x, y], i) => i === 0 || x !== corners[i - 1]![0] || y !== corners[i - 1]![1]);
      // A busy machine takes two clicks for a double one: what is no ground yet goes on.
      if (ring.length < 3) return;
      corners = [];
      store.dispatch('groundExcluded', { ring });
    },
    abandon(): void {
      corners = [];
    },
  };
}

/** What clicks and the pointer do in one of both maps. */
function eventsOf(
  side: 'main' | 'second',
  store: ViewerStore,
  actions: Actions,
  mask: ReturnType<typeof maskTool>,
  onPlace: (place: readonly [number, number] | null) => void,
): MapEvents {
  return {
    onClick(place, point) {
      const { state } = store;
      const { tool, pending } = state;
      if (tool === 'mask') mask.click(place);
      else if (
        tool === 'look' ||
        (tool === 'move' && pending === null && point !== null && state.points.selected !== point)
      ) {
        store.dispatch('pointsLooked', { selected: point });
      } else if (side === 'main') {
        const replaces = tool === 'move' ? state.points.selected : null;
        if (tool === 'add' || replaces !== null) {
          store.dispatch('pendingSet', { pending: { reference: place, replaces } });
        }
      } else if (pending !== null) {
        const transform = shownTransform(state);
        const sensed = transform && inverseTransformPoint(transform, ...place);
        if (sensed) void actions.setPoint(pending.reference, sensed);
      }
    },
    onDoubleClick() {
      if (store.state.tool === 'mask') mask.end();
    },
    onPointer(place, point) {
      onPlace(place);
      store.dispatch('pointsLooked', { hovered: point });
    },
  };
}

/** Puts maps in elements and lets them follow the page's state. */
export function createStage(elements: StageElements, store: ViewerStore, actions: Actions, events: StageEvents): Stage {
  const { tiles } = actions.workers;
  const alone: Look['comparison'] = 'side-by-side';
  const lookOf = (): Look =>
    isSideBySide(store.state) ? { ...store.state.look, comparison: alone } : store.state.look;
  const mask = maskTool(store, () => main);
  const cross = (index: 0 | 1, map: () => CompareMap) => (place: readonly [number, number] | null) => {
    const element = elements.crosshairs[index];
    const pixel = place && isSideBySide(store.state) ? map().map.getPixelFromCoordinate(toMap(place)) : null;
    element.hidden = !pixel;
    if (pixel) element.style.transform = `translate(${pixel[0]}px, ${pixel[1]}px)`;
  };
  const [crossMain, crossSecond] = [cross(0, () => main), cross(1, () => second)];
  const loupe = loupeOf(elements.loupe, tiles, lookOf);
  const onPlace = (place: readonly [number, number] | null): void => {
    events.onPlace(place);
    loupe.goTo(place, main.map.getView().getResolution() ?? 1);
  };
  const main: CompareMap = createCompareMap(
    elements.main,
    tiles,
    lookOf,
    eventsOf('main', store, actions, mask, (place) => {
      onPlace(place);
      crossSecond(place);
    }),
  );
  const second: CompareMap = createCompareMap(
    elements.second,
    tiles,
    lookOf,
    eventsOf('second', store, actions, mask, (place) => {
      onPlace(place);
      crossMain(place);
    }),
  );
  let grid: PixelGrid | null = null;
  const fit = (): void => {
    if (grid !== null)
      grid.view.fit(grid.extent, { padding: [16, 16, 16, 16], size: main.map.getSize() ?? [800, 600] });
  };
  const parts = [
    onChange(
      ({ images: { reference } }) => [reference.status === 'open' ? reference.info : null],
      ({ images: { reference } }) => {
        grid = reference.status === 'open' ? pixelGrid(reference.info.width, reference.info.height) : null;
        if (grid !== null) requestAnimationFrame(fit);
      },
    ),
    onChange(
      (state) => [
        state.images.reference,
        state.images.sensed,
        state.result,
        state.placement,
        state.look.placed,
        isSideBySide(state),
      ],
      () => {
        const { reference, sensed } = contents(store.state);
        const both = isSideBySide(store.state);
        main.show(grid, reference, both ? null : sensed);
        second.show(both ? grid : null, null, both ? sensed : null);
        loupe.map.show(loupe.grid(grid), reference, sensed);
        main.map.updateSize();
        second.map.updateSize();
      },
    ),
    onChange(
      (state) => [state.look, state.tool],
      () => [main, second, loupe.map].forEach((map) => map.refresh()),
    ),
    onChange(
      (state) => [
        state.result,
        state.look.points,
        state.look.exaggeration,
        state.points,
        state.edits,
        state.pending,
        state.tool,
      ],
      () => {
        if (store.state.tool !== 'mask') mask.abandon();
        const drawn = drawnPoints(store.state);
        main.drawPoints(drawn);
        second.drawPoints(drawn && { ...drawn, pending: null });
      },
    ),
    onChange(
      ({ result, look }) => [look.errorMap ? (result?.errorField ?? null) : null],
      ({ result, look }) => events.onError(main.drawError(look.errorMap ? (result?.errorField ?? null) : null)),
    ),
  ];
  const follow = (state: ViewerState): void => parts.forEach((part) => part(state));
  follow(store.state);
  const stop = store.subscribe(follow);
  return {
    main,
    fit,
    finish: mask.end,
    zoom: (factor) => main.map.getView().adjustZoom(factor),
    close() {
      stop();
      [main, second, loupe.map].forEach((map) => map.close());
    },
  };
}

/** Shows a tie point: goes to it, and marks it. */
export function goToPoint(stage: Stage, store: ViewerStore, index: number): void {
  const point = store.state.result?.tiePoints[index];
  if (point === undefined) return;
  store.dispatch('pointsLooked', { selected: index });
  stage.main.goTo(point.reference);
}

/** Switches the chosen tie point off or on, or takes it away where it was set by hand. */
export function toggleSelected(store: ViewerStore): void {
  const { selected } = store.state.points;
  if (selected !== null) store.dispatch('pointsToggled', { indices: [selected] });
}

/** Whether there is anything to mend. */
export function canMend(state: ViewerState): boolean {
  return openPair(state) !== null && state.found?.mendable === true;
}
