/** What is known of something that goes on and is told to the page piece by piece. */
export interface ActiveFollow {
  /** Of the last piece of news that was taken. */
  seq: number;
  /** How often something was not told here: what is stored is looked at anew then. */
  gaps: number;
  end: object | null;
}

/** What is shown of it, and what a stream of it that was opened again has told so far. */
export interface FollowState<State extends ActiveFollow> {
  shown: State;
  coming: State;
  openedAt: number;
}

/** After this the stream counts, also where it tells less than was known: another hub may tell it from its beginning. */
const patienceMs = 1000;

export function unfollowed<State extends ActiveFollow>(silent: State): FollowState<State> {
  return { shown: silent, coming: silent, openedAt: 0 };
}

/** The stream begins, or begins again behind the place where it was opened first. */
export function opened<State extends ActiveFollow>(
  followed: FollowState<State>,
  from: State,
  at: number,
): FollowState<State> {
  return { ...followed, coming: from, openedAt: at };
}

/** What is told again is not shown anew before it has come as far as what is shown. */
export function followedOn<State extends ActiveFollow, News>(
  followed: FollowState<State>,
  news: readonly News[],
  at: number,
  next: (state: State, news: News, at: number) => State,
): FollowState<State> {
  const coming = news.reduce((state, each) => next(state, each, at), followed.coming);
  const counts = coming.seq >= followed.shown.seq || coming.end !== null || at - followed.openedAt > patienceMs;
  return { ...followed, coming, shown: counts ? coming : followed.shown };
}
