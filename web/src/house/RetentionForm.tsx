// Writing the terms. What was typed outlives a refusal and a page loaded anew.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api, ask } from '../api/client';
import { retentionQuery } from '../api/queries';
import { purposes, type Retention } from '../api/types';
import { Actions, Button } from '../ui/Button';
import { OnOff } from '../ui/Choice';
import { Field } from '../ui/Field';
import { Pick } from '../ui/Pick';
import { say } from '../ui/said';
import { Trouble } from '../ui/states';
import { useDraft } from '../ui/useDraft';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import {
  draftsOf,
  letsGoSooner,
  problemsOf,
  rulesMost,
  rulesOf,
  unusedPurpose,
  type RuleDraft,
  type RuleProblem,
} from './retention';

export function RetentionForm({ retention }: { retention: Retention }) {
  const { retention: words } = useLater();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft<{ rules: RuleDraft[] | null }>('retention', { rules: null });
  const [isChecked, setIsChecked] = useState(false);
  const drafts = draft.rules ?? draftsOf(retention.rules);
  const problems = problemsOf(drafts);
  const isGood = problems.every((problem) => !problem.days && !problem.twice);
  const set = (rules: RuleDraft[]) => setDraft({ rules });

  const save = useMutation({
    mutationFn: () => ask(api.PUT('/retention', { body: { rules: rulesOf(drafts) } })),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery.queryKey, saved);
      forget();
      setIsChecked(false);
      say(words.saved);
      void client.invalidateQueries({
        predicate: ({ queryKey }) => ['calls', 'call', 'going'].includes(queryKey[0] as string),
      });
    },
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (isGood && !save.isPending) save.mutate();
      }}
    >
      <h2>{words.rules}</h2>
      {drafts.length === 0 && <p className="hint">{words.none}</p>}
      {drafts.map((rule, i) => (
        <Rule
          key={i}
          rule={rule}
          problem={problems[i]!}
          showsEmpty={isChecked}
          onChange={(change) => set(drafts.map((old, j) => (j === i ? { ...old, ...change } : old)))}
          onRemove={() => set(drafts.filter((_, j) => j !== i))}
        />
      ))}
      <Button
        isDisabled={drafts.length >= rulesMost}
        onPress={() => set([...drafts, { purpose: unusedPurpose(drafts), line: '', days: '', isForEver: false }])}
      >
        {words.add}
      </Button>
      {draft.rules && isGood && letsGoSooner(retention.rules, rulesOf(drafts)) && (
        <p className="fate" role="status">
          {words.shorter}
        </p>
      )}
      <Trouble error={save.error} />
      {draft.rules && (
        <Actions>
          <Button type="submit" look="first" isPending={save.isPending}>
            {words.save}
          </Button>
          <Button
            onPress={() => {
              forget();
              setIsChecked(false);
            }}
          >
            {words.undo}
          </Button>
        </Actions>
      )}
    </Form>
  );
}

interface RuleProps {
  rule: RuleDraft;
  problem: RuleProblem;
  showsEmpty: boolean;
  onChange: (change: Partial<RuleDraft>) => void;
  onRemove: () => void;
}

function Rule({ rule, problem, showsEmpty, onChange, onRemove }: RuleProps) {
  const words = useWords();
  const { retention: said } = useLater();
  const name = [words.purposes[rule.purpose], rule.line.trim()].filter(Boolean).join(', ');
  const isDaysWrong = problem.days && (showsEmpty || rule.days !== '');
  return (
    <div className="rule" role="group" aria-label={name}>
      <Pick
        label={said.purpose}
        value={rule.purpose}
        onChange={(purpose) => onChange({ purpose })}
        options={purposes.map((id) => ({ id, name: words.purposes[id] }))}
      />
      <Field
        label={said.line}
        placeholder={said.lineHint}
        value={rule.line}
        onChange={(line) => onChange({ line })}
        maxLength={100}
        error={problem.twice ? said.twice : undefined}
      />
      <Field
        label={said.days}
        inputMode="numeric"
        value={rule.isForEver ? '' : rule.days}
        onChange={(days) => onChange({ days })}
        isDisabled={rule.isForEver}
        error={isDaysWrong ? said.daysWrong : undefined}
      />
      <OnOff isSelected={rule.isForEver} onChange={(isForEver) => onChange({ isForEver })}>
        {said.keepsFor}
      </OnOff>
      <Button look="quiet" aria-label={said.remove(name)} onPress={onRemove}>
        {words.common.remove}
      </Button>
    </div>
  );
}
