// How much memory a model takes while it is read: a process of its own reports the most it ever held.
// Figures are of the whole process, against the same process with a model of no size.
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../src/data/tokenizer';
import { saveModelDescription } from '../../src/engine/models/modelFolder';
import { llama } from '../../src/families/llama/family';
import type { LlamaConfig } from '../../src/families/llama/schema';
import { sizesOf } from '../../src/families/llama/schema';
import { cli, ensureBuilt } from './support/cli';

/** So many characters that the two token tables are nearly the whole model: the largest tensor is half of it. */
const tokenizer = characterTokenizer(
  Array.from({ length: 60_000 }, (_, i) => String.fromCodePoint(0x10000 + i)).join('') + 'abc',
);
const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };
const small: LlamaConfig = {
  ...{ dialect: 'llama', layers: 1, heads: 1, width: 2, innerWidth: 2, contextLength: 4 },
  ...{ ropeTheta: 10_000, tiedHead: false, dropout: 0 },
};
const CONFIGS = {
  small,
  tables: { ...small, width: 512, heads: 8, innerWidth: 512 },
  blocks: { ...small, layers: 6, width: 1024, heads: 8, innerWidth: 2816, tiedHead: true },
} satisfies Record<string, LlamaConfig>;
const BYTES = { F32: 4, F16: 2 } as const;

let workspace: string;
beforeAll(async () => {
  ensureBuilt();
  workspace = await mkdtemp(join(tmpdir(), 'ar-lens-memory-'));
  await writeFile(join(workspace, 'a.txt'), 'abcabc');
  // The process says on its way out how much it ever held.
  await writeFile(
    join(workspace, 'report.mjs'),
    "process.on('exit', () => process.stderr.write(`maxRSS ${process.resourceUsage().maxRSS}\\n`));\n",
  );
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

/** Names and shapes in the order that the family asks for them, without building anything of that size. */
function shapesOf(config: LlamaConfig): Array<readonly [name: string, shape: readonly number[]]> {
  const C = config.width;
  const { heads, kvHeads, headSize, innerWidth } = sizesOf(config);
  const tables = [['model.embed_tokens.weight', [facts.vocabulary, C]] as const];
  const blocks = Array.from({ length: config.layers }, (_, layer) =>
    [
      ['input_layernorm', [C]] as const,
      ['self_attn.q_proj', [heads * headSize, C]] as const,
      ['self_attn.k_proj', [kvHeads * headSize, C]] as const,
      ['self_attn.v_proj', [kvHeads * headSize, C]] as const,
      ['self_attn.o_proj', [C, heads * headSize]] as const,
      ['post_attention_layernorm', [C]] as const,
      ['mlp.gate_proj', [innerWidth, C]] as const,
      ['mlp.up_proj', [innerWidth, C]] as const,
      ['mlp.down_proj', [C, innerWidth]] as const,
    ].map(([name, shape]) => [`model.layers.${layer}.${name}.weight`, shape] as const),
  ).flat();
  const head = config.tiedHead ? [] : [['lm_head.weight', [facts.vocabulary, C]] as const];
  return [...tables, ...blocks, ['model.norm.weight', [C]] as const, ...head];
}

/** A folder whose weights are all zero. @returns bytes of the weights as float32 */
async function makeFolder(name: string, config: LlamaConfig, dtype: 'F32' | 'F16'): Promise<number> {
  const folder = join(workspace, name);
  await mkdir(folder);
  await saveModelDescription(folder, llama, config, facts, tokenizer);
  const header: Record<string, object> = {};
  let end = 0;
  for (const [tensor, shape] of shapesOf(config)) {
    const bytes = shape.reduce((product, side) => product * side, BYTES[dtype]);
    header[tensor] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = await open(join(folder, 'model.safetensors'), 'w');
  await file.write(Buffer.concat([length, text]));
  await file.truncate(8 + text.length + end);
  await file.close();
  return (end / BYTES[dtype]) * 4;
}

/** Bytes. */
async function peakOf(name: string): Promise<number> {
  const words = ['score', '--model', name, '--file', 'a.txt', '--json'];
  const { code, stderr } = await cli(words, workspace, { NODE_OPTIONS: '--import ./report.mjs' });
  expect(code, stderr).toBe(0);
  return 1024 * Number(/maxRSS (\d+)/.exec(stderr)?.[1]);
}

describe('reading a model', () => {
  it('takes at most 1.2 times the memory of its weights', async () => {
    await makeFolder('small', CONFIGS.small, 'F32');
    const without = await peakOf('small');
    for (const [name, dtype] of [
      ['tables', 'F32'],
      ['tables', 'F16'],
      ['blocks', 'F32'],
      ['blocks', 'F16'],
    ] as const) {
      const folder = `${name}-${dtype}`;
      const weights = await makeFolder(folder, CONFIGS[name], dtype);
      const ratio = ((await peakOf(folder)) - without) / weights;
      console.info(
        `${folder}: ${(weights / 2 ** 20).toFixed(0)} MiB of weights as float32, at the most ${ratio.toFixed(3)} times that`,
      );
      expect(ratio).toBeLessThan(1.2);
      expect(ratio).toBeGreaterThan(0.9); // else the measure has missed the weights
      await rm(join(workspace, folder), { recursive: true });
    }
  }, 240_000);
});
