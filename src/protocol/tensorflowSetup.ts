// Setting up TensorFlow for the device of that name: what would be done, doing it, and undoing it.
import type { Call } from './calls';

/** The option that names a Python: an error whose action has it is mended by another Python. */
export const PYTHON_OPTION = '--python';

export interface SetupParams {
  /** The Python to take it from or to make an environment with; looked for when absent. */
  readonly python?: string;
}

/** What a setup would do, to be said and agreed to before. */
export interface SetupPlan {
  readonly python: string;
  /** What pip is to install, or undefined when this Python has a TensorFlow already. */
  readonly package?: string;
  /** Bytes, about; 0 when nothing is downloaded. */
  readonly downloadBytes: number;
  readonly diskBytes: number;
  /** Where everything goes. */
  readonly folder: string;
  readonly freeBytes: number;
  /** All of that in one sentence. */
  readonly sentence: string;
}

export interface SetupProgress {
  readonly sentence: string;
}

export interface SetupResult {
  /** What can run now, or what was taken away. */
  readonly sentence: string;
}

export interface TensorflowSetupCalls {
  tensorflowPlan: Call<SetupParams, SetupPlan>;
  /** Downloads and builds: only at a person's word, after the plan was said. */
  setUpTensorflow: Call<SetupParams, SetupResult, SetupProgress>;
  removeTensorflow: Call<undefined, SetupResult>;
}
