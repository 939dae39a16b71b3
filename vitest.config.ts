// Test projects: `unit` is the quick loop; `contract` and `golden` run real devices and stored values.
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number) => ({
  extends: true as const,
  test: { name, include, testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      project('unit', ['src/**/*.test.ts', 'webview/**/*.test.{ts,tsx}', 'test/unit/**/*.test.ts'], 30_000),
      project('contract', ['test/contract/**/*.test.ts'], 300_000),
      project('golden', ['test/golden/**/*.test.ts'], 120_000),
      project('integration', ['test/integration/**/*.test.ts'], 600_000),
    ],
  },
});
