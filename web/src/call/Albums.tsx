// In which albums a call lies: each that one may put it into is a box to tick. What it cannot be put into says why.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { api, ask } from '../api/client';
import { albumsQuery, callQuery } from '../api/queries';
import type { Album, CallDetails, Purpose } from '../api/types';
import { mayMake, useSession } from '../frame/session';
import { albumPath } from '../router/routes';
import { Actions, LinkButton } from '../ui/Button';
import { Check } from '../ui/Check';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

type Kind = Album['kind'];
// As the server has it: why a call is kept must be why the album is there.
const fits: Record<Kind, readonly Purpose[]> = { album: ['memory', 'keepsake'], library: ['training'] };

export function Albums({ call }: { call: CallDetails }) {
  const { albums: words } = useLater();
  const session = useSession();
  const client = useQueryClient();
  const albums = useQuery(albumsQuery);
  const inside = call.albums ?? [];
  const mayPut = call.may.includes('share') && !call.removed_at;
  const put = useMutation({
    mutationFn: ({ album, isIn }: { album: Album; isIn: boolean }) => {
      const params = { path: { album: album.id, call: call.id } };
      return isIn
        ? ask(api.PUT('/albums/{album}/calls/{call}', { params }))
        : ask(api.DELETE('/albums/{album}/calls/{call}', { params }));
    },
    onSuccess: (_, { album, isIn }) => {
      say((isIn ? words.added : words.taken)(album.name));
      client.setQueryData(
        callQuery(call.id).queryKey,
        (old) => old && { ...old, albums: isIn ? [...inside, album.id] : inside.filter((id) => id !== album.id) },
      );
      // What lies in an album does not go by a rule: the lists and the page say so.
      void client.invalidateQueries({
        predicate: ({ queryKey }) =>
          queryKey[0] === 'albums' || queryKey[0] === 'calls' || (queryKey[0] === 'call' && queryKey[1] === call.id),
      });
    },
  });
  const known = albums.data ?? [];
  const isIn = (album: Album) => inside.includes(album.id);
  const shown = known.filter((album) => isIn(album) || (mayPut && fits[album.kind].includes(call.purpose)));
  if (!albums.isSuccess || (!mayPut && shown.length === 0)) return null;
  const others = (['album', 'library'] as const).filter(
    (kind) =>
      !fits[kind].includes(call.purpose) &&
      (known.some((album) => album.kind === kind && !isIn(album)) || (known.length === 0 && mayMake(session, kind))),
  );
  return (
    <section className="facts albums-of" aria-labelledby="albums-title">
      <h2 id="albums-title">{words.of}</h2>
      {shown.length > 0 && (
        <ul className="plain-list">
          {shown.map((album) => (
            <li key={album.id} className="album-of">
              {mayPut ? (
                <Check
                  isSelected={isIn(album)}
                  isDisabled={put.isPending}
                  onChange={(wanted) => put.mutate({ album, isIn: wanted })}
                >
                  {album.name}
                </Check>
              ) : (
                <Link href={albumPath(album.id)}>{album.name}</Link>
              )}
            </li>
          ))}
        </ul>
      )}
      {shown.length === 0 && others.map((kind) => <Other key={kind} kind={kind} call={call} />)}
      {known.length === 0 && (
        <>
          <p className="hint">
            {mayMake(session, 'album') || mayMake(session, 'library') ? words.none : words.emptyReader}
          </p>
          <Actions>
            <LinkButton href="/albums">{words.title}</LinkButton>
          </Actions>
        </>
      )}
      <Trouble error={put.error} />
    </section>
  );
}

// Why this call cannot be put into albums of a kind. What would change that is said where it takes no right away from
// whoever does it: a purpose decides who may do what.
function Other({ kind, call }: { kind: Kind; call: CallDetails }) {
  const { purposes } = useWords();
  const { albums: words } = useLater();
  const mayChange = kind === 'album' && call.purpose !== 'training' && call.may.includes('edit');
  return (
    <p className="hint">
      {words.wants[kind]} {words.isNow(purposes[call.purpose])} {mayChange && words.changePurpose}
    </p>
  );
}
