// Sharing with somebody without an account: a link for one recipient, shown once, and those that were given before.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { linksQuery } from '../api/queries';
import type { Link, MadeLink } from '../api/types';
import { Button } from '../ui/Button';
import { copy } from '../ui/copy';
import { DialogBox } from '../ui/DialogBox';
import { Field } from '../ui/Field';
import { say } from '../ui/said';
import { Failed, Loading, Trouble, fieldError } from '../ui/states';
import { Tag } from '../ui/Tags';
import { useDraft } from '../ui/useDraft';
import { useNow } from '../ui/useNow';
import { momentInWords, shortDay } from '../words/dates';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { isLoopback } from './loopback';

const daysMost = 365;

export default function ShareDialog({ call, onClose }: { call: string; who: string; onClose: () => void }) {
  const words = useWords();
  const [made, setMade] = useState<MadeLink | null>(null);
  return (
    <DialogBox title={words.share.title} isOpen onClose={onClose} size="wide">
      {made ? <Made made={made} onAnother={() => setMade(null)} /> : <NewLink call={call} onMade={setMade} />}
      <Links call={call} />
    </DialogBox>
  );
}

function NewLink({ call, onMade }: { call: string; onMade: (made: MadeLink) => void }) {
  const words = useWords();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft(`share.${call}`, { recipient: '', days: '14' });
  const [word, setWord] = useState('');
  const days = Number(draft.days);
  const isDaysGood = Number.isInteger(days) && days >= 1 && days <= daysMost;
  const make = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/calls/{call}/links', {
          params: { path: { call } },
          body: { recipient: draft.recipient.trim(), days, ...(word && { word }) },
        }),
      ),
    onSuccess: (link) => {
      forget();
      onMade(link);
      void client.invalidateQueries({ queryKey: linksQuery(call).queryKey });
    },
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!make.isPending && draft.recipient.trim() && isDaysGood) make.mutate();
      }}
    >
      <p>{words.share.intro}</p>
      <Field
        label={words.share.recipient}
        hint={words.share.recipientHint}
        value={draft.recipient}
        onChange={(recipient) => setDraft({ recipient })}
        maxLength={200}
        isRequired
        autoFocus
        error={fieldError(words, make.error, 'recipient')}
      />
      <div className="form-row">
        <Field
          label={words.share.days}
          inputMode="numeric"
          value={draft.days}
          onChange={(value) => setDraft({ days: value })}
          error={fieldError(words, make.error, 'days') ?? (isDaysGood ? undefined : `1 – ${daysMost}`)}
          className="field-short"
        />
        <Field
          label={words.share.word}
          hint={words.share.wordHint}
          value={word}
          onChange={setWord}
          maxLength={200}
          autoComplete="off"
          error={fieldError(words, make.error, 'word')}
        />
      </div>
      <Trouble error={make.error} />
      <Button type="submit" look="first" isPending={make.isPending} isDisabled={!draft.recipient.trim() || !isDaysGood}>
        {words.share.make}
      </Button>
    </Form>
  );
}

function Made({ made, onAnother }: { made: MadeLink; onAnother: () => void }) {
  const words = useWords();
  const { share } = useLater();
  const box = useRef<HTMLDivElement>(null);
  const url = new URL(made.url, location.origin).href;
  const copyOrSelect = async () => {
    if (await copy(url)) say(words.common.copied);
    else box.current?.querySelector('input')?.select();
  };
  return (
    <div className="made-link" role="status">
      <h3>{words.share.madeTitle(made.link.recipient)}</h3>
      <p>{words.share.once}</p>
      <div className="field-with-button" ref={box}>
        <Field label={words.share.address} value={url} isReadOnly className="field-grow" />
        <Button look="first" onPress={() => void copyOrSelect()}>
          {words.common.copy}
        </Button>
      </div>
      {isLoopback(location.hostname) && (
        <p className="trouble" role="note">
          {share.loopback}
        </p>
      )}
      <Button look="quiet" onPress={onAnother}>
        {words.share.another}
      </Button>
    </div>
  );
}

function Links({ call }: { call: string }) {
  const words = useWords();
  const links = useQuery(linksQuery(call));
  return (
    <section className="links">
      <h3>{words.share.list}</h3>
      {links.isPending ? (
        <Loading />
      ) : links.isError ? (
        <Failed
          error={links.error}
          onRetry={() => {
            void links.refetch();
          }}
        />
      ) : links.data.length === 0 ? (
        <p className="hint">{words.share.nobody}</p>
      ) : (
        <ul className="plain-list">
          {links.data.map((link) => (
            <LinkRow key={link.id} call={call} link={link} />
          ))}
        </ul>
      )}
    </section>
  );
}

function LinkRow({ call, link }: { call: string; link: Link }) {
  const words = useWords();
  const now = useNow();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE('/links/{link}', { params: { path: { link: link.id } } })),
    onSuccess: () => {
      say(words.share.revoked);
      return client.invalidateQueries({ queryKey: linksQuery(call).queryKey });
    },
  });
  const opened =
    link.times_opened === 0 || !link.last_opened_at
      ? words.share.notOpened
      : words.share.opened(link.times_opened, momentInWords(words, new Date(link.last_opened_at), now));
  return (
    <li className="link-row">
      <div>
        <p className="link-to">
          {link.recipient} {link.has_word && <Tag look="soft">{words.share.withWord}</Tag>}{' '}
          {!link.is_open && <Tag>{link.revoked_at ? words.share.revoked : words.share.over}</Tag>}
        </p>
        <p className="hint">
          {[link.is_open ? words.share.until(shortDay(words, new Date(link.ends_at), now)) : '', opened]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Trouble error={revoke.error} />
      </div>
      {link.is_open && (
        <Button
          look="danger"
          isPending={revoke.isPending}
          aria-label={words.share.revokeOf(link.recipient)}
          onPress={() => revoke.mutate()}
        >
          {words.share.revoke}
        </Button>
      )}
    </li>
  );
}
