// The four designed states of a view: nothing yet, working, result, failed. A view supplies its title and its result.
import type { ComponentChildren } from 'preact';
import type { HostCalls, ViewButton, ViewState } from '../../src/protocol/views';
import { Button, Progress } from './controls';
import { Quantity, Quote } from './figure';

export interface StateActions {
  readonly run: (button: ViewButton) => void;
  /** Stops what the working state does. */
  readonly cancel: () => void;
}

/** The part of a view's `Ask` that all views have. */
interface AskCommon {
  (method: 'command', params: HostCalls['command']['params']): void;
  (method: 'cancel', params: undefined): void;
}

/** What every view's buttons ask of the host. */
export function actionsOf(host: AskCommon): StateActions {
  return {
    run: ({ command, argument }) =>
      host('command', argument === undefined ? { command } : { command, argument }),
    cancel: () => host('cancel', undefined),
  };
}

export function FourStates<Content>(properties: {
  readonly title: string;
  readonly state: ViewState<Content>;
  readonly actions: StateActions;
  readonly children: (content: Content) => ComponentChildren;
}) {
  const { state, actions } = properties;
  if (state.kind === 'result') return <>{properties.children(state.content)}</>;
  return (
    <main class="ar-view" data-state={state.kind}>
      <h1>{properties.title}</h1>
      <section
        class={state.kind === 'failed' ? 'ar-state ar-failed' : 'ar-state'}
        aria-busy={state.kind === 'working'}
      >
        <StateBody state={state} actions={actions} />
      </section>
    </main>
  );
}

/** One sentence about what the host could not do; nothing where all is well. */
export function Trouble({ sentence }: { readonly sentence: string }) {
  if (sentence === '') return null;
  return (
    <p class="ar-failed ar-trouble" role="alert">
      <Quote>{sentence}</Quote>
    </p>
  );
}

function StateBody(properties: {
  readonly state: Exclude<ViewState<unknown>, { kind: 'result' }>;
  readonly actions: StateActions;
}) {
  const { state, actions } = properties;
  switch (state.kind) {
    case 'empty':
    case 'failed': {
      const { button } = state;
      return (
        <>
          <p role={state.kind === 'failed' ? 'alert' : undefined}>
            <Quote>{state.sentence}</Quote>
          </p>
          {button === undefined ? null : (
            <Button primary onPress={() => actions.run(button)}>
              {button.label}
            </Button>
          )}
        </>
      );
    }
    case 'working':
      return (
        <>
          <p role="status">
            <Quote>{state.doing}</Quote>
            {state.share === undefined ? null : (
              <>
                {' · '}
                <Quantity text={String(Math.round(state.share * 100))} unit="% done" />
              </>
            )}
          </p>
          <Progress name={state.doing} share={state.share} />
          {state.cancel ? <Button onPress={actions.cancel}>Cancel</Button> : null}
        </>
      );
    default:
      return state satisfies never;
  }
}
