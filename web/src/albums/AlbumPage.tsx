// One album, and the calls in it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { ApiError, api, ask } from '../api/client';
import { albumsQuery } from '../api/queries';
import type { Album } from '../api/types';
import { CallList } from '../calls/CallList';
import { useIsCalm } from '../frame/session';
import { navigate } from '../router/location';
import { Actions, Button, LinkButton } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { PageTitle } from '../ui/PageTitle';
import { Failed, Loading } from '../ui/states';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

const AlbumDialog = lazy(() => import('./AlbumDialog'));
const none = new ApiError({ type: 'not-found', title: '', status: 404 }, null);

export default function AlbumPage({ album: id }: { album: string }) {
  const albums = useQuery(albumsQuery);
  if (albums.isPending) return <Loading />;
  if (albums.isError)
    return (
      <Failed
        isPage
        error={albums.error}
        onRetry={() => {
          void albums.refetch();
        }}
      />
    );
  const album = albums.data.find((a) => a.id === id);
  return album ? <Shown album={album} /> : <Failed isPage error={none} />;
}

function Shown({ album }: { album: Album }) {
  const words = useWords();
  const { albums: said } = useLater();
  const isCalm = useIsCalm();
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  return (
    <div className="page">
      <PageTitle
        title={album.name}
        aside={
          album.is_mine && (
            <Actions>
              <Button onPress={() => setOpen('edit')}>{words.common.edit}</Button>
              <Button look="danger" onPress={() => setOpen('remove')}>
                {said.remove}
              </Button>
            </Actions>
          )
        }
      >
        {album.name}
      </PageTitle>
      <p className="lead">
        {album.kind === 'library' ? `${said.library}, ${said.libraryHint}` : said.membersCount(album.members.length)} ·{' '}
        {said.calls(album.calls)}
      </p>
      <CallList filters={{ album: album.id }} empty={{ title: said.nothingIn, text: said.fill }} />
      {isCalm && (
        <Actions>
          <LinkButton href="/albums">{said.all}</LinkButton>
        </Actions>
      )}
      <Suspense>{open === 'edit' && <AlbumDialog album={album} onClose={() => setOpen(null)} />}</Suspense>
      {open === 'remove' && <Remove album={album} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Remove({ album, onClose }: { album: Album; onClose: () => void }) {
  const { albums: said } = useLater();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/albums/{album}', { params: { path: { album: album.id } } })),
    onSuccess: () => {
      navigate('/albums');
      void client.invalidateQueries({
        predicate: ({ queryKey }) => ['albums', 'calls', 'call'].includes(queryKey[0] as string),
      });
    },
  });
  return (
    <Confirm
      title={said.removeTitle(album.name)}
      text={said.removeHint}
      yes={said.remove}
      error={remove.error}
      isPending={remove.isPending}
      onYes={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
