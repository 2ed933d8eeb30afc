// In which albums a call lies: each that one may put it into is a box to tick.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { api, ask } from '../api/client';
import { albumsQuery, callQuery } from '../api/queries';
import type { Album, CallDetails } from '../api/types';
import { albumPath } from '../router/routes';
import { Check } from '../ui/Check';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useLater } from '../words/later';

export function Albums({ call }: { call: CallDetails }) {
  const { albums: words } = useLater();
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
  const shown = (albums.data ?? []).filter((album) => mayPut || inside.includes(album.id));
  if (shown.length === 0) return null;
  return (
    <section className="facts albums-of" aria-labelledby="albums-title">
      <h2 id="albums-title">{words.of}</h2>
      <ul className="plain-list">
        {shown.map((album) => (
          <li key={album.id} className="album-of">
            {mayPut ? (
              <Check
                isSelected={inside.includes(album.id)}
                isDisabled={put.isPending}
                onChange={(isIn) => put.mutate({ album, isIn })}
              >
                {album.name}
              </Check>
            ) : (
              <Link href={albumPath(album.id)}>{album.name}</Link>
            )}
          </li>
        ))}
      </ul>
      <Trouble error={put.error} />
    </section>
  );
}
