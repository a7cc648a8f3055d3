import { countParameters } from 'onnx-grad';
import { type DlsmName, dlsmNames, shippedDlsm } from '../../weights/shipped-dlsm.js';
import { shippedKeypointNetworks } from '../../weights/shipped-keypoint-networks.js';
import type { CliSession } from '../session.js';
import { textTable } from '../text-table.js';

/** Lists the shipped networks. @throws TiepointError `weights-missing`, `weights-invalid` */
export async function runModels(flags: { readonly json?: true }, session: CliSession): Promise<void> {
  const localising = await Promise.all(dlsmNames.map(dlsmModel));
  const models: readonly Readonly<Record<string, string | number>>[] = [...localising, ...(await keypointModels())];
  if (flags.json) {
    await session.out(`${JSON.stringify({ version: 1, models }, null, 2)}\n`);
    return;
  }
  const tables = models.map((model) =>
    textTable(Object.entries(model).map(([name, value]): [string, string] => [name, String(value)])),
  );
  await session.out(tables.join('\n'));
}

async function dlsmModel(name: DlsmName): Promise<Readonly<Record<string, string | number>>> {
  const { network, parameters, temperature, name: provenance } = await shippedDlsm(name);
  return {
    name,
    purpose: 'localises tie points, with the covariance of each',
    network: network.name,
    parameters: countParameters(parameters),
    temperature,
    provenance,
  };
}

async function keypointModels(): Promise<readonly Readonly<Record<string, string | number>>[]> {
  const networks = await shippedKeypointNetworks();
  if (networks === null) return [];
  const { detector, matcher } = networks;
  const rows = [
    ['detector', 'finds keypoints', detector],
    ['matcher', 'matches keypoints of two images', matcher],
  ] as const;
  return rows.map(([name, purpose, { network, parameters, name: provenance }]) => ({
    name,
    purpose,
    network: network.name,
    parameters: countParameters(parameters),
    provenance,
  }));
}
