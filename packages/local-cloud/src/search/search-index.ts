import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { SearchError } from './errors.ts';
import type { Json } from './json.ts';
import type { DocumentKeeper, KeptDocument } from './kept-indexes.ts';
import type { Mapping } from './mapping.ts';
import { TextIndex } from './text-index.ts';
import { readValues, textFields, type FieldValues } from './values.ts';
import { INTERNAL, nextVersion, type Versioning } from './versions.ts';

/** A document as it is kept. */
export interface StoredDocument extends FieldValues {
  readonly id: string;
  readonly version: number;
  readonly seqNo: number;
  readonly source: Json;
}

/** What became of a write. */
export interface Written {
  readonly result: 'created' | 'updated' | 'deleted' | 'not_found';
  readonly version: number;
  readonly seqNo: number;
}

/** How long the version of a removed document is remembered (index.gc_deletes). */
const REMEMBERED_MS = 60_000;

export interface IndexOptions {
  readonly name: string;
  readonly uuid: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly mapping: Mapping;
  readonly settings: Json;
  readonly clock: Clock;
  /** Keeps what is written; undefined when all ends with the process. */
  readonly keeper: DocumentKeeper | undefined;
}

/** A uuid for a new index. */
export function newUuid(): string {
  return randomUUID().replaceAll('-', '').slice(0, 22);
}

/** One index: its documents, with their versions, and what is searched in them. What is written is found at once. */
export class SearchIndex {
  readonly name: string;
  readonly uuid: string;
  readonly mapping: Mapping;
  readonly settings: Json;
  readonly createdAt: number;
  readonly text: TextIndex;
  readonly #clock: Clock;
  readonly #keeper: DocumentKeeper | undefined;
  readonly #documents = new Map<string, StoredDocument>();
  /** Versions of removed documents, oldest removal first. */
  readonly #removed = new Map<string, { readonly version: number; readonly at: number }>();
  #nextSeqNo = 0;

  constructor({ name, uuid, createdAt, mapping, settings, clock, keeper }: IndexOptions) {
    this.name = name;
    this.uuid = uuid;
    this.mapping = mapping;
    this.settings = settings;
    this.createdAt = createdAt;
    this.text = new TextIndex(textFields(mapping));
    this.#clock = clock;
    this.#keeper = keeper;
  }

  get size(): number {
    return this.#documents.size;
  }

  /** Every document, that written last at the end. */
  documents(): IterableIterator<StoredDocument> {
    return this.#documents.values();
  }

  get(id: string): StoredDocument | undefined {
    return this.#documents.get(id);
  }

  /**
   * Writes a document whole.
   *
   * @throws version_conflict_engine_exception, and mapper_parsing_exception for a source that does not fit.
   */
  put(id: string, source: Json, versioning: Versioning = INTERNAL): Written {
    const before = this.#documents.get(id);
    const version = this.#nextVersion(id, versioning);
    const document = { id, version, seqNo: this.#nextSeqNo, source, ...readValues(this.mapping, id, source) };
    this.#nextSeqNo += 1;
    this.#takeOut(before);
    this.#removed.delete(id);
    this.#documents.set(id, document);
    this.text.add(document);
    this.#keeper?.put(id, { version, seqNo: document.seqNo, source });
    return { result: before ? 'updated' : 'created', version, seqNo: document.seqNo };
  }

  /** Writes a document that is not there yet. @throws version_conflict_engine_exception when it is. */
  create(id: string, source: Json): Written {
    const before = this.#documents.get(id);
    if (before) throw this.#conflict(id, `document already exists (current version [${before.version}])`);
    return this.put(id, source);
  }

  /** Removes a document; its version is remembered for a minute, so that a write that comes late loses. */
  delete(id: string, versioning: Versioning = INTERNAL): Written {
    const before = this.#documents.get(id);
    const version = this.#nextVersion(id, versioning);
    const seqNo = this.#nextSeqNo;
    this.#nextSeqNo += 1;
    this.#takeOut(before);
    this.#removed.delete(id);
    const removedAt = this.#clock.now();
    this.#removed.set(id, { version, at: removedAt });
    this.#keeper?.put(id, { version, seqNo, removedAt });
    return { result: before ? 'deleted' : 'not_found', version, seqNo };
  }

  /** Puts back what was kept of a document. Give them in the order in which they were written. */
  putBack(id: string, kept: KeptDocument): void {
    const { version, seqNo } = kept;
    this.#nextSeqNo = seqNo + 1;
    if ('removedAt' in kept) {
      this.#removed.set(id, { version, at: kept.removedAt });
      return;
    }
    const document = {
      id,
      version,
      seqNo,
      source: kept.source,
      ...readValues(this.mapping, id, kept.source),
    };
    this.#documents.set(id, document);
    this.text.add(document);
  }

  /** Keeps nothing of its documents any more: the index is removed. */
  forget(): void {
    for (const id of [...this.#documents.keys(), ...this.#removed.keys()]) this.#keeper?.forget(id);
  }

  #takeOut(document: StoredDocument | undefined): void {
    if (!document) return;
    this.text.remove(document);
    this.#documents.delete(document.id);
  }

  #nextVersion(id: string, versioning: Versioning): number {
    this.#forgetRemoved();
    const current = this.#documents.get(id)?.version ?? this.#removed.get(id)?.version;
    const next = nextVersion(current, versioning);
    if (typeof next === 'number') return next;
    throw this.#conflict(id, next.conflict);
  }

  #forgetRemoved(): void {
    const until = this.#clock.now() - REMEMBERED_MS;
    for (const [id, { at }] of this.#removed) {
      if (at > until) return;
      this.#removed.delete(id);
      this.#keeper?.forget(id);
    }
  }

  #conflict(id: string, how: string): SearchError {
    const place = { index: this.name, shard: '0', index_uuid: this.uuid };
    return new SearchError(
      'version_conflict_engine_exception',
      `[${id}]: version conflict, ${how}`,
      409,
      place,
    );
  }
}
