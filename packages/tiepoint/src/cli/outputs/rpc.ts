import type { RasterFile } from '@tiepoint/raster';
import type { TiePoint } from '../../result/tie-point.js';
import type { Output, OutputContext } from './output.js';

/** What refined RPCs are written from. */
export interface RpcContext extends OutputContext {
  readonly reference: RasterFile;
  readonly sensed: RasterFile;
  readonly tiePoints: readonly TiePoint[];
}

/** The sensed image's RPCs, moved by what the registration found; none where nothing agrees. */
export const rpcOutput: Output<RpcContext> = {
  flag: 'rpc',
  option: '--rpc <file>',
  description: "write the sensed image's RPCs, moved to where the reference has its ground (_RPC.TXT or .RPB)",
  check: async (path) => {
    const { requireEnding } = await import('./ending.js');
    const hint = 'Give the file of --rpc a name that ends with _RPC.TXT or .RPB.';
    requireEnding(path, /\.(txt|rpb)$/i, 'RPCs are written as _RPC.TXT or .RPB', hint);
  },
  write: async (path, { reference, sensed, tiePoints, flags, session }) => {
    if (!tiePoints.some(({ inlier }) => inlier === true)) return false;
    const [{ refineRpc }, { formatRpb, formatRpcText }, { writeTextFile }] = [
      await import('../../result/refined-rpc.js'),
      await import('@tiepoint/raster'),
      await import('./write-text-file.js'),
    ];
    const { rpc, shift, points } = await refineRpc(reference, sensed, tiePoints);
    writeTextFile(path, /\.rpb$/i.test(path) ? formatRpb(rpc) : formatRpcText(rpc), flags.overwrite === true);
    const [x, y] = shift.map((v) => v.toFixed(2));
    session.err(`RPCs moved by (${x}, ${y}) px, by ${points} tie points`);
    return true;
  },
};
