import { readFileSync } from 'node:fs';

/** The fields of a process after its name; null where there is none, or the system does not say. */
function fieldsOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** When a process began, in ticks of the machine, which tells it from a later one with the same id; null where the system does not say. */
export function processStart(pid: number): string | null {
  return fieldsOf(pid)?.[19] ?? null;
}

/** Whether a process lives and is the one that began then. */
export function isAlive(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process lives, too.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const fields = fieldsOf(pid);
  if (fields === null) return true;
  const [state] = fields;
  // A process that ended and that nobody asked for is still listed.
  return state !== 'Z' && state !== 'X' && (start === null || fields[19] === start);
}
