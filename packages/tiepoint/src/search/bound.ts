import { identity, invertTransform, type MatrixTransform, transformPoint } from '@tiepoint/geometry';
import { planesOf, type Task } from '../inputs/task.js';

/** How far a geometry puts the middle of the reference from where the start does, pixel on pixel without one; px of the reference. */
function shiftFromStart(task: Task, referenceToSensed: MatrixTransform): number {
  const [{ width, height }] = planesOf(task);
  const [x, y] = [width / 2, height / 2];
  const back = invertTransform(referenceToSensed);
  if (back === null) return Infinity;
  const [u, v] = transformPoint(back, ...transformPoint(task.start ?? identity, x, y));
  return Math.hypot(u - x, v - y);
}

/** Whether a geometry lies within the bound that was asked for. */
export function isWithinBound(task: Task, referenceToSensed: MatrixTransform): boolean {
  return task.maxShift === null || shiftFromStart(task, referenceToSensed) <= task.maxShift;
}
