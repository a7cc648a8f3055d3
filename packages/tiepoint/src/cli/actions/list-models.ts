import { countParameters } from 'onnx-grad';
import { shippedDlsm } from '../../weights/shipped-dlsm.js';
import type { CliSession } from '../session.js';
import { textTable } from '../text-table.js';

/** Lists the shipped networks. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function runModels(flags: { readonly json?: true }, session: CliSession): Promise<void> {
  const { network, parameters, temperature, provenance } = await shippedDlsm();
  const model = {
    name: 'dlsm',
    purpose: 'localises tie points, with the covariance of each',
    network: network.name,
    parameters: countParameters(parameters),
    temperature,
    provenance,
  };
  if (flags.json) {
    await session.out(`${JSON.stringify({ version: 1, models: [model] }, null, 2)}\n`);
    return;
  }
  await session.out(textTable(Object.entries(model).map(([name, value]): [string, string] => [name, String(value)])));
}
