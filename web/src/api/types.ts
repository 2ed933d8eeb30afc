// The contract's values by their own names.
import type { components } from './schema';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];
export type AccountChange = Schemas['AccountChange'];
export type Call = Schemas['Call'];
export type CallChange = Schemas['CallChange'];
export type CallDetails = Schemas['CallDetails'];
export type CallPage = Schemas['CallPage'];
export type Direction = Schemas['Direction'];
export type Door = Schemas['Door'];
export type Face = Schemas['Face'];
export type Language = Schemas['Language'];
export type Link = Schemas['Link'];
export type LogEvent = Schemas['LogEvent'];
export type MadeLink = Schemas['MadeLink'];
export type NewAccount = Schemas['NewAccount'];
export type NewPerson = Schemas['NewPerson'];
export type Note = Schemas['Note'];
export type Party = Schemas['Party'];
export type Peaks = Schemas['Peaks'];
export type Person = Schemas['Person'];
export type Problem = Schemas['Problem'];
export type Purpose = Schemas['Purpose'];
export type Role = Schemas['Role'];
export type Session = Schemas['Session'];
export type Shared = Schemas['Shared'];
export type Status = Schemas['Status'];
export type Track = Schemas['Track'];
export type Gap = Track['gaps'][number];
export type GapCause = Gap['cause'];
export type May = CallDetails['may'][number];

export const directions: readonly Direction[] = ['in', 'out', 'internal', 'unknown'];
export const doors: readonly Door[] = ['siprec', 'tap', 'bridge', 'import'];
export const purposes: readonly Purpose[] = ['wording', 'training', 'agreement', 'memory', 'keepsake'];
export const roles: readonly Role[] = ['owner', 'manager', 'trainer', 'employee', 'family', 'auditor', 'admin'];
