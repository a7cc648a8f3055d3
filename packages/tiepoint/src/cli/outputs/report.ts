import type { RasterFile } from '@tiepoint/raster';
import type { Assessment } from '../../assess/assess.js';
import type { RegistrationResult } from '../../result/registration-result.js';
import type { Output } from './output.js';
import type { ResultContext } from './solution.js';

/** What a report is written from. */
export interface ReportContext extends ResultContext {
  readonly result: RegistrationResult;
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly assessment?: Assessment | undefined;
}

/** The report, refused or not. */
export const reportOutput: Output<ReportContext> = {
  flag: 'report',
  option: '--report <file>',
  description: 'write a self-contained HTML report',
  check: () => Promise.resolve(),
  write: async (path, { reference, sensed, result, assessment, flags, session }) => {
    const [{ buildReport }, { writeTextFile }] = [
      await import('../../report/build-report.js'),
      await import('./write-text-file.js'),
    ];
    const page = await buildReport(reference, sensed, result, {
      signal: session.signal,
      trends: assessment?.trends,
    });
    writeTextFile(path, page, flags.overwrite === true);
    return true;
  },
};
