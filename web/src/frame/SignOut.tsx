import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { setSignedIn } from '../door/lost';
import { sessionQuery } from '../api/queries';
import { navigate } from '../router/location';
import { Button } from '../ui/Button';
import { useWords } from '../words/context';

// Leaves nothing of what was seen in the window's memory, and no draft of what was typed.
export function SignOut({ className = '' }: { className?: string }) {
  const words = useWords();
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => ask(api.DELETE('/session')),
    onSuccess: () => {
      sessionStorage.clear();
      if ('caches' in window) void caches.delete('shared'); // what somebody shared is theirs
      setSignedIn(false);
      navigate('/');
      client.clear();
      return client.resetQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  return (
    <Button
      look={className ? 'quiet' : 'plain'}
      className={className}
      isPending={signOut.isPending}
      onPress={() => signOut.mutate()}
    >
      {words.nav.signOut}
    </Button>
  );
}
