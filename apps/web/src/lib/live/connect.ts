import type { Api } from '../trpc.ts';
import type { Connect } from './hub.ts';

/** The event stream of the hub over server-sent events. */
export function connectStream(api: Api): Connect {
  return (interest, on) => {
    let open = true;
    const subscription = api.live.events.subscribe(
      { logs: [...interest.logs], calls: interest.calls },
      {
        onStarted: () => on.state('open'),
        onData: (event) => on.event(event),
        onConnectionStateChange: ({ state }) => {
          if (open && state === 'connecting') on.state('connecting');
        },
        onError: () => on.state('lost'),
        onComplete: () => on.state('lost'),
      },
    );
    return {
      close: () => {
        open = false;
        subscription.unsubscribe();
      },
    };
  };
}
