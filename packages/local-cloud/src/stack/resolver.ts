import type { TerraformDocument, Variable } from './document.ts';
import type { Place, Resource, ResourceType } from './resource-type.ts';
import { BROKEN } from './resource-type.ts';
import type { Reference, Step, TemplatePart } from './template.ts';
import { parseTemplate, TemplateError } from './template.ts';

/** Where a value stands, for the error when it can't be resolved. */
interface Position {
  readonly address: string;
  readonly argument: string;
}

interface Sources {
  readonly document: TerraformDocument;
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly place: Place;
  /** Values of variables that are given instead of their defaults. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Replaces references by values. Resources are read when something first refers to them, so their order in the document
 * does not matter; as in Terraform, a cycle of resources is an error. Every problem is reported once, where it arises.
 */
export class Resolver {
  readonly #sources: Sources;
  readonly #problems: string[];
  readonly #resources = new Map<string, Resource | typeof BROKEN>();
  readonly #locals = new Map<string, unknown>();
  /** Addresses being resolved now, outermost first. */
  readonly #path: string[] = [];

  constructor(sources: Sources, problems: string[]) {
    this.#sources = sources;
    this.#problems = problems;
  }

  /** The resource at an address, or BROKEN when it has problems (which are reported). */
  resource(address: string): Resource | typeof BROKEN {
    const known = this.#resources.get(address);
    if (known !== undefined) return known;
    const resource = this.#within(address, () => this.#read(address));
    this.#resources.set(address, resource);
    return resource;
  }

  /** A value with every reference in it replaced; null where Terraform has none, BROKEN where it can't be known. */
  value(value: unknown, at: Position): unknown {
    if (typeof value === 'string') return this.#text(value, at);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.value(item, inside(at, index)));
    }
    if (typeof value === 'object' && value !== null) return this.#members(value, at);
    return value;
  }

  /** What an object sets: members that are null are not set, and `//` is CDKTF's own note. */
  #members(object: object, at: Position): Record<string, unknown> {
    const entries = Object.entries(object)
      .filter(([name]) => name !== '//')
      .map(([name, item]) => [name, this.value(item, inside(at, name))] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== null && item !== undefined));
  }

  #read(address: string): Resource | typeof BROKEN {
    const [type, label] = splitAddress(address);
    const source = address.startsWith('data.')
      ? this.#sources.document.data[type.slice('data.'.length)]
      : this.#sources.document.resource[type];
    const raw = source?.[label];
    const resourceType = this.#sources.types.get(type);
    if (raw === undefined || resourceType === undefined) return BROKEN;
    const args = this.#members(raw, { address, argument: '' });
    const result = resourceType.read(address, args, this.#sources.place);
    if (!Array.isArray(result)) return result;
    this.#problems.push(...result);
    return BROKEN;
  }

  #text(text: string, at: Position): unknown {
    if (!text.includes('{')) return text;
    let parts: TemplatePart[];
    try {
      parts = parseTemplate(text);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return this.#broken(at, error.message);
    }
    const [only] = parts;
    if (parts.length === 1 && typeof only === 'object') return this.#reference(only, at);
    const pieces = parts.map((part) => (typeof part === 'string' ? part : this.#piece(part, at)));
    return pieces.includes(BROKEN) ? BROKEN : pieces.join('');
  }

  /** A reference's value as a part of a longer string. */
  #piece(reference: Reference, at: Position): string | typeof BROKEN {
    const value = this.#reference(reference, at);
    if (value === BROKEN || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#broken(
      at,
      `\${${reference.text}} is ${value === null ? 'null' : 'no string'}, inside a string`,
    );
  }

  #reference(reference: Reference, at: Position): unknown {
    const [root, name, ...rest] = reference.steps;
    const unknown = () => this.#broken(at, `\${${reference.text}} refers to nothing in this stack`);
    if (typeof root !== 'string' || typeof name !== 'string') return unknown();
    if (root === 'var') {
      const variable = this.#sources.document.variable[name];
      if (!variable) return unknown();
      return this.#walk(this.#variable(name, variable, at), rest, reference, at);
    }
    if (root === 'local') {
      if (!Object.hasOwn(this.#sources.document.locals, name)) return unknown();
      if (this.#path.includes(`local.${name}`)) return this.#cycle(`local.${name}`, reference, at);
      return this.#walk(this.#local(name), rest, reference, at);
    }
    const [label, ...path] = root === 'data' ? rest : [name, ...rest];
    const type = root === 'data' ? `data.${name}` : root;
    const { data, resource } = this.#sources.document;
    const known = root === 'data' ? data[name] : resource[root];
    if (typeof label !== 'string' || known?.[label] === undefined) return unknown();
    return this.#attribute(`${type}.${label}`, path, reference, at);
  }

  #attribute(address: string, path: readonly Step[], reference: Reference, at: Position): unknown {
    if (this.#path.includes(address)) return this.#cycle(address, reference, at);
    const resource = this.resource(address);
    if (resource === BROKEN) return BROKEN;
    const [first] = path;
    const type = this.#sources.types.get(splitAddress(address)[0]);
    if (first !== undefined && !(first in resource.attributes) && type?.argumentNames.has(String(first))) {
      return null;
    }
    return this.#walk(resource.attributes, path, reference, at);
  }

  #local(name: string): unknown {
    if (!this.#locals.has(name)) {
      const given = this.#sources.document.locals[name];
      const at = { address: 'locals', argument: name };
      this.#locals.set(
        name,
        this.#within(`local.${name}`, () => this.value(given, at)),
      );
    }
    return this.#locals.get(name);
  }

  #variable(name: string, variable: Variable, at: Position): unknown {
    const given = this.#sources.variables[name];
    if (given !== undefined) return variable.type === 'string' ? given : this.#parsed(name, given, at);
    if (variable.default !== undefined) return variable.default;
    return this.#broken(at, `\${var.${name}} has no default. Give the variable "${name}" a value`);
  }

  /** A variable that is no string is given as JSON, as Terraform takes it on its command line. */
  #parsed(name: string, given: string, at: Position): unknown {
    try {
      return JSON.parse(given);
    } catch {
      return this.#broken(at, `\${var.${name}} is given as ${given}, which is not JSON`);
    }
  }

  #within<T>(address: string, resolve: () => T): T {
    this.#path.push(address);
    const result = resolve();
    this.#path.pop();
    return result;
  }

  #cycle(address: string, reference: Reference, at: Position): typeof BROKEN {
    const cycle = [...this.#path.slice(this.#path.indexOf(address)), address].join(' → ');
    return this.#broken(at, `\${${reference.text}} makes a cycle: ${cycle}`);
  }

  #walk(start: unknown, path: readonly Step[], reference: Reference, at: Position): unknown {
    let value = start;
    for (const step of path) {
      if (value === BROKEN) return BROKEN;
      if (typeof value !== 'object' || value === null) value = undefined;
      else if (Object.hasOwn(value, step)) value = Reflect.get(value, step);
      // A block that stands once is a list of one to Terraform and an object to CDKTF.
      else if (step !== 0 || Array.isArray(value)) value = undefined;
      if (value === undefined) return this.#broken(at, `\${${reference.text}}: there is no "${step}" here`);
    }
    return value;
  }

  #broken({ address, argument }: Position, problem: string): typeof BROKEN {
    this.#problems.push(`${address}: argument "${argument}": ${problem}`);
    return BROKEN;
  }
}

function inside(at: Position, step: Step): Position {
  return { address: at.address, argument: at.argument === '' ? `${step}` : `${at.argument}.${step}` };
}

/** `data.aws_region.current` → `data.aws_region`, `current`. */
function splitAddress(address: string): [type: string, label: string] {
  const dot = address.indexOf('.', address.startsWith('data.') ? 'data.'.length : 0);
  return [address.slice(0, dot), address.slice(dot + 1)];
}
