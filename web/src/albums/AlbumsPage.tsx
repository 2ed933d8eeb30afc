// Albums and training libraries: those that one was let into.
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { albumsQuery } from '../api/queries';
import { mayMake, useSession } from '../frame/session';
import { Button } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { Blank, Failed, Loading } from '../ui/states';
import { useLater } from '../words/later';
import { AlbumCards } from './AlbumCards';

const AlbumDialog = lazy(() => import('./AlbumDialog'));

export default function AlbumsPage() {
  const { albums: words } = useLater();
  const session = useSession();
  const albums = useQuery(albumsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const mayAdd = mayMake(session, 'album') || mayMake(session, 'library');
  const add = mayAdd && (
    <Button look="first" onPress={() => setIsAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <div className="page">
      <PageTitle title={words.title} aside={albums.data && albums.data.length > 0 && add}>
        {words.title}
      </PageTitle>
      {albums.isPending ? (
        <Loading />
      ) : albums.isError ? (
        <Failed
          error={albums.error}
          onRetry={() => {
            void albums.refetch();
          }}
        />
      ) : albums.data.length === 0 ? (
        <Blank title={words.none} actions={add}>
          {mayAdd ? words.empty : words.emptyReader}
        </Blank>
      ) : (
        <>
          <p className="lead">{words.intro}</p>
          <AlbumCards />
        </>
      )}
      {isAdding && (
        <Suspense>
          <AlbumDialog onClose={() => setIsAdding(false)} />
        </Suspense>
      )}
    </div>
  );
}
