// The contract's values by their own names.
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Album = Schemas['Album'];
export type Account = Schemas['Account'];
export type AccountChange = Schemas['AccountChange'];
export type Call = Schemas['Call'];
export type CallChange = Schemas['CallChange'];
export type CallDetails = Schemas['CallDetails'];
export type CallPage = Schemas['CallPage'];
export type Delivery = Schemas['Delivery'];
export type Direction = Schemas['Direction'];
export type Door = Schemas['Door'];
export type Face = Schemas['Face'];
export type Finding = Schemas['Finding'];
export type Import = Schemas['Import'];
export type ImportResult = Schemas['ImportResults']['results'][number];
export type Job = Schemas['Job'];
export type Language = Schemas['Language'];
export type Link = Schemas['Link'];
export type LiveCall = Schemas['LiveCall'];
export type LogEvent = Schemas['LogEvent'];
export type MadeLink = Schemas['MadeLink'];
export type NewAccount = Schemas['NewAccount'];
export type NewAlbum = Schemas['NewAlbum'];
export type NewJob = Schemas['NewJob'];
export type NewPerson = Schemas['NewPerson'];
export type Note = Schemas['Note'];
export type NewToken = Schemas['NewToken'];
export type NewWebhook = Schemas['NewWebhook'];
export type Party = Schemas['Party'];
export type Passkey = Schemas['Passkey'];
export type Peaks = Schemas['Peaks'];
export type Person = Schemas['Person'];
export type Problem = Schemas['Problem'];
export type Purpose = Schemas['Purpose'];
export type Retention = Schemas['Retention'];
export type RetentionRule = Schemas['RetentionRule'];
export type Role = Schemas['Role'];
export type Scope = Schemas['Scope'];
export type Session = Schemas['Session'];
export type Shared = Schemas['Shared'];
export type Status = Schemas['Status'];
export type Token = Schemas['Token'];
export type Track = Schemas['Track'];
export type Webhook = Schemas['Webhook'];
export type WebhookEvent = Schemas['WebhookEvent'];
export type Gap = Track['gaps'][number];
export type GapCause = Gap['cause'];
export type May = CallDetails['may'][number];
export type HouseMay = Session['may'][number];

export const directions: readonly Direction[] = ['in', 'out', 'internal', 'unknown'];
export const doors: readonly Door[] = ['siprec', 'tap', 'bridge', 'import'];
export const purposes: readonly Purpose[] = ['wording', 'training', 'agreement', 'memory', 'keepsake'];
export const roles: readonly Role[] = ['owner', 'manager', 'trainer', 'employee', 'family', 'auditor', 'admin'];
export const scopes: readonly Scope[] = ['read', 'hear', 'write', 'remove', 'house'];
export const webhookEvents: readonly WebhookEvent[] = [
  'recording.made',
  'recording.changed',
  'recording.announced',
  'recording.removed',
  'recording.restored',
  'recording.deleted',
  'recording.held',
  'recording.released',
];
export type NameRead =
  paths['/name-templates/preview']['post']['responses']['200']['content']['application/json']['rows'][number];
