// `ar-lens bench`: our speed beside PyTorch's, measured in one run.
import { bench as measure } from '../../engine/bench/bench';
import { createEngineContext } from '../../engine/devices';
import { deviceOptions, type CommonOptions } from '../options';
import { decimal } from '../output';
import type { Session } from '../session';

export async function bench(
  session: Session,
  names: readonly string[],
  options: CommonOptions,
): Promise<void> {
  const context = createEngineContext(deviceOptions(options));
  const report = await measure(names, context, session.signal, async (result) => {
    if (options.json) return;
    const { name, ours, peer, ratio, unit, better, count } = result;
    const compared =
      peer === null || ratio === null
        ? 'no peer'
        : `PyTorch ${decimal(peer)}, ratio ${ratio.toFixed(2)} (${better} is better)`;
    await session.out.line(
      `${name.padEnd(20)} ${decimal(ours).padStart(9)} ${unit.padEnd(8)}  best of ${count}; ${compared}`,
    );
  });
  if (options.json) return session.out.json(report);
  const { processor, cores, device, threads, peer } = report.machine;
  await session.out.line(`${processor}, ${cores} cores; ${device}, ${threads} threads; ${peer}`);
}
