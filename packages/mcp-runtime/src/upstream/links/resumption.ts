import { say, whyOf } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import type { FollowOptions } from './follow.ts';
import type { Post } from './post.ts';

const resumeFailures = 5;

/** The parts that a followed stream needs besides its link. */
export type Followed = Pick<
  FollowOptions,
  'event' | 'oversize' | 'gaveUp' | 'maxFailures' | 'lastEventId' | 'retryMs' | 'waitFirst'
>;

/** How the stream of a request is taken up again after it broke off before the reply. */
export function resumption(
  post: Post,
  from: Pick<FollowOptions, 'lastEventId' | 'retryMs'>,
  leave: () => void,
  lost: (error: LinkError, cause: LinkError) => void,
): Followed {
  return {
    ...from,
    event: (event) => {
      post.event(event);
      if (post.hasReply()) leave();
    },
    oversize: (line) => post.oversize(line),
    gaveUp: (error) => {
      const why = say('brokeOffForGood', { reason: whyOf(error) });
      // Never as a lost session: the server has taken the request, so it must not be sent again.
      lost(new LinkError('closed', why, { cause: error }), error);
    },
    maxFailures: resumeFailures,
    waitFirst: true,
  };
}
