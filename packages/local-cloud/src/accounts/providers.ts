import type { Tree } from './answer.ts';
import { alreadyExists, noSuchEntity } from './errors.ts';
import { type Form, type Tag, tagged } from './form.ts';

interface Provider {
  readonly url: string;
  readonly thumbprints: readonly string[];
  readonly madeAt: string;
  audiences: readonly string[];
  tags: readonly Tag[];
}

/** The identity providers that an account trusts. */
export class Providers {
  readonly #accountId: string;
  readonly #byArn = new Map<string, Provider>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  readonly operations: Readonly<Record<string, (form: Form) => Tree | undefined>> = {
    ListOpenIDConnectProviders: () => ({
      OpenIDConnectProviderList: [...this.#byArn.keys()].map((Arn) => ({ Arn })),
    }),
    GetOpenIDConnectProvider: (form) => {
      const { url, audiences, thumbprints, madeAt, tags } = this.#provider(form);
      return {
        Url: url,
        ClientIDList: audiences,
        ThumbprintList: thumbprints,
        CreateDate: madeAt,
        Tags: tags.map((tag) => ({ ...tag })),
      };
    },
    CreateOpenIDConnectProvider: (form) => {
      const url = form.text('Url').replace(/^https:\/\//, '');
      const OpenIDConnectProviderArn = `arn:aws:iam::${this.#accountId}:oidc-provider/${url}`;
      if (this.#byArn.has(OpenIDConnectProviderArn)) throw alreadyExists(`Provider with url https://${url}`);
      this.#byArn.set(OpenIDConnectProviderArn, {
        url,
        thumbprints: form.list('ThumbprintList'),
        madeAt: new Date().toISOString(),
        audiences: form.list('ClientIDList'),
        tags: form.tags(),
      });
      return { OpenIDConnectProviderArn };
    },
    AddClientIDToOpenIDConnectProvider: (form) => {
      const provider = this.#provider(form);
      provider.audiences = [...new Set([...provider.audiences, form.text('ClientID')])];
      return undefined;
    },
    TagOpenIDConnectProvider: (form) => {
      const provider = this.#provider(form);
      provider.tags = tagged(provider.tags, form.tags());
      return undefined;
    },
  };

  #provider(form: Form): Provider {
    const arn = form.text('OpenIDConnectProviderArn');
    const provider = this.#byArn.get(arn);
    if (!provider) throw noSuchEntity(`OpenIDConnect Provider for arn ${arn}`);
    return provider;
  }
}
