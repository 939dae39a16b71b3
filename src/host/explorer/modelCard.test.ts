// The card of a model and the list of folders used lately, as a person reads them.
import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '../../protocol/engine';
import { imageModelCard, modelCard, withRecent } from './modelCard';

const info: ModelInfo = {
  ...{ model: '/models/small', family: 'llama', title: 'Llama-shaped Transformer', likelihood: 'exact' },
  ...{ parameters: 134_515_008, context: 1024, vocabulary: 49_152, tokenizer: 'BPE', bos: true },
};

describe('a model’s card', () => {
  it('has architecture, parameters, context, tokenizer and licence', () => {
    const card = modelCard({
      ...info,
      ...{ architecture: 'qwen2', declaredContext: 32_768, cacheBytes: 25_165_824, licence: 'apache-2.0' },
    });
    expect(card.title).toBe('small');
    expect(card.detail.replaceAll('\u2009', ' ').split('\n')).toEqual([
      'Architecture: Llama-shaped Transformer (qwen2)',
      'Parameters: 134 515 008',
      'Context: 1024 tokens, of the 32 768 it was made for',
      'Tokenizer: BPE, 49 152 tokens',
      'Likelihood: exact',
      'Keys and values of a full context: 24 MiB',
      'Licence: apache-2.0',
      'Folder: /models/small',
    ]);
  });

  it('says what is not known instead of leaving it out', () => {
    const { detail } = modelCard({ ...info, bos: false });
    expect(detail).toContain('Context: 1024 tokens\n');
    expect(detail).toContain(', no BOS');
    expect(detail).toContain('Licence: none named in its README');
    expect(modelCard({ ...info, cacheBytes: 3000 }).detail).toContain('context: 3 KiB');
  });
});

describe('an image model’s card', () => {
  it('has what its images are', () => {
    const about = { family: 'pixelcnn', title: 'PixelCNN', device: 'simd', likelihood: 'exact' } as const;
    const images = {
      height: 28,
      width: 20,
      channels: 3,
      levels: 16,
      classes: 0,
      classNames: [],
      takesAnySize: true,
      condition: null,
    };
    const { title, detail } = imageModelCard('/models/digits', { ...about, ...images, quantize: 'round' });
    expect(title).toBe('digits');
    expect(detail.split('\n')).toEqual([
      'Architecture: PixelCNN',
      'Images: 20 × 28, RGB, or any other size',
      'Levels: 16',
      'Classes: none',
      'Likelihood: exact',
      'Folder: /models/digits',
    ]);
  });
});

describe('folders used lately', () => {
  it('are a few, the latest first, each once', () => {
    expect(withRecent('b', ['a', 'b', 'c'])).toEqual(['b', 'a', 'c']);
    expect(withRecent('z', [...'abcdefghij'])).toEqual([...'zabcdefg']);
    expect(withRecent('a', [])).toEqual(['a']);
  });
});
