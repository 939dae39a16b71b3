// Test projects: `unit` is the quick loop; `contract` and `golden` run real devices and stored values;
// `integration` starts processes; `views` draws webviews in a browser; `e2e` drives a real VS Code.
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number, more: object = {}) => ({
  extends: true as const,
  test: { name, include, testTimeout, hookTimeout: testTimeout, ...more },
});

export default defineConfig({
  test: {
    pool: 'forks',
    // A heavy suite must not be starved by another one: two files at once is what two cores carry.
    poolOptions: { forks: { maxForks: 2, minForks: 1 } },
    projects: [
      project('unit', ['src/**/*.test.ts', 'webview/**/*.test.{ts,tsx}', 'test/unit/**/*.test.ts'], 30_000),
      project('contract', ['test/contract/**/*.test.ts'], 300_000, {
        setupFiles: ['test/contract/turns.ts'],
      }),
      project('golden', ['test/golden/**/*.test.ts'], 120_000),
      project('integration', ['test/integration/**/*.test.ts'], 600_000),
      // A real browser on a busy machine may be late; what fails three times is wrong.
      project('views', ['test/views/**/*.test.{ts,tsx}'], 120_000, {
        retry: 2,
        expect: { poll: { timeout: 20_000 } },
      }),
      project('e2e', ['test/e2e/**/*.test.ts'], 300_000, {
        globalSetup: ['test/e2e/globalSetup.ts'],
        // One server, one browser, one window at a time.
        poolOptions: { forks: { singleFork: true } },
      }),
    ],
  },
});
