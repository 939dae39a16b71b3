// Types of what the tests of the test runner use.

export interface PartResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped?: number;
  readonly reason?: string | undefined;
}
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: ReadonlyArray<{
    readonly status: string;
    readonly assertionResults: ReadonlyArray<{ readonly status: string }>;
  }>;
}

export function countReport(report: VitestReport, ok: boolean, reason?: string): PartResult;
export function runNode(args: readonly string[], minutes: number): Promise<{ ok: boolean; reason?: string }>;
