// The shape of every typed call: parameters, result, and what it reports on the way.
// An interface of calls is declared once per boundary; client and server types are derived from it.

export interface Call<Params, Result, Progress = never> {
  readonly params: Params;
  readonly result: Result;
  readonly progress: Progress;
}

/** An interface whose members are all `Call`s. */
export type Calls<T> = { readonly [K in keyof T]: Call<unknown, unknown, unknown> };

export interface CallOptions<Progress> {
  /** Awaited before more is sent: a slow reader slows the sender (back-pressure). */
  readonly onProgress?: (progress: Progress) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface CallContext<Progress> {
  /** Sends progress; resolves when the reader has room for more. */
  readonly progress: (value: Progress) => Promise<void>;
  /** Aborted when the caller cancels or goes away. */
  readonly signal: AbortSignal;
}

export type Client<T extends Calls<T>> = <K extends keyof T & string>(
  method: K,
  params: T[K]['params'],
  options?: CallOptions<T[K]['progress']>,
) => Promise<T[K]['result']>;

export type Handlers<T extends Calls<T>> = {
  readonly [K in keyof T]: (
    params: T[K]['params'],
    context: CallContext<T[K]['progress']>,
  ) => Promise<T[K]['result']>;
};
