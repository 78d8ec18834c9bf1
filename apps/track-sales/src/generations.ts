import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SALES_POINTER } from '@orderstream/domain';
import {
  conditionalWrite,
  documentClient,
  requiredEnvironment,
  SummariesTable,
} from '@orderstream/lambda-kit';

/** The generation whose figures are read, and the one that is being built. */
export interface Pointer {
  readonly serving: number;
  readonly building: number | undefined;
  /** The generation for which all orders were read. */
  readonly scanned: number | undefined;
}

/** A request for a rebuild that does not fit to how things stand. */
export class RebuildRefused extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'RebuildRefused';
  }
}

/** Where the generations of the sales figures stand. Their numbers rise, and none is given twice. */
export class Generations {
  readonly #summaries: Pick<SummariesTable, 'read'>;
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(
    summaries: Pick<SummariesTable, 'read'> = new SummariesTable(),
    client = documentClient(),
    table = requiredEnvironment('SUMMARIES_TABLE'),
  ) {
    this.#summaries = summaries;
    this.#client = client;
    this.#table = table;
  }

  /** Read consistently; without a rebuild yet, generation 1 serves. */
  async read(): Promise<Pointer> {
    const { serving = '1', building, scanned } = (await this.#summaries.read(SALES_POINTER))?.numbers ?? {};
    return { serving: Number(serving), building: optional(building), scanned: optional(scanned) };
  }

  /**
   * Takes a new generation, into which events are counted from now on.
   *
   * @param anew gives up one that is being built.
   * @throws RebuildRefused when one is being built.
   */
  async begin(anew: boolean): Promise<number> {
    const { serving, building } = await this.read();
    if (building !== undefined && !anew) {
      throw new RebuildRefused(
        `Generation ${building} is being built already. Go on with its pages, or give it up: begin with "anew": true.`,
      );
    }
    const next = Math.max(serving, building ?? 0) + 1;
    const was = building === undefined ? 'attribute_not_exists(building)' : 'building = :was';
    const done = await this.#update(
      'SET serving = if_not_exists(serving, :serving), building = :next REMOVE scanned',
      `${was} AND (attribute_not_exists(serving) OR serving = :serving)`,
      { ':serving': serving, ':next': next, ...(building === undefined ? {} : { ':was': building }) },
    );
    if (done) return next;
    throw new RebuildRefused('Another rebuild began or finished at this moment. Look whether it goes on.');
  }

  /** @throws RebuildRefused unless it is the generation that is being built. */
  async mustBuild(generation: number): Promise<void> {
    const pointer = await this.read();
    if (pointer.building !== generation) throw notBuilding(generation, pointer);
  }

  /** Notes that all orders were read for the generation. */
  async allRead(generation: number): Promise<void> {
    const done = await this.#update('SET scanned = :generation', 'building = :generation', {
      ':generation': generation,
    });
    if (!done) throw notBuilding(generation, await this.read());
  }

  /**
   * Lets the generation that was built serve. Finishing it again changes nothing.
   *
   * @throws RebuildRefused when it is not the one that is being built, or not all orders were read.
   */
  async finish(generation: number): Promise<void> {
    const done = await this.#update(
      'SET serving = :generation REMOVE building, scanned',
      'building = :generation AND scanned = :generation',
      { ':generation': generation },
    );
    if (done) return;
    const pointer = await this.read();
    if (pointer.serving === generation) return;
    if (pointer.building !== generation) throw notBuilding(generation, pointer);
    throw new RebuildRefused(
      `Not all orders were read for generation ${generation}. Ask for its pages until one comes without "next".`,
    );
  }

  async #update(update: string, condition: string, values: Record<string, number>): Promise<boolean> {
    const { written } = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { ...SALES_POINTER },
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
    return written;
  }
}

function notBuilding(generation: number, { serving, building }: Pointer): RebuildRefused {
  const now = building === undefined ? 'none is' : `generation ${building} is`;
  return new RebuildRefused(
    `Generation ${generation} is not being built: ${now}, and generation ${serving} serves. Begin a rebuild for a new one.`,
  );
}

function optional(number: string | undefined): number | undefined {
  return number === undefined ? undefined : Number(number);
}
