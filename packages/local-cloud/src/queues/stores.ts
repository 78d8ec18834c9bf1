import type { FauxqsCore, SnsStore, SqsQueue, SqsStore } from './fauxqs.ts';

/** How this cloud names queues and topics. */
export interface Names {
  readonly queueArn: (name: string) => string;
  readonly queueUrl: (name: string) => string;
  readonly topicArn: (name: string) => string;
}

export interface NamedStores {
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
}

/**
 * fauxqs' stores of queues and topics under the cloud's own names: left alone, fauxqs makes every ARN of account 000000000000 and every
 * queue's URL of a host that only its own clients can resolve.
 * @param adopt gets every queue as soon as it exists.
 */
export function createStores(
  fauxqs: FauxqsCore,
  names: Names,
  adopt: (queue: SqsQueue) => void,
): NamedStores {
  class NamedSqsStore extends fauxqs.SqsStore {
    override createQueue(...[name, url, , ...rest]: Parameters<SqsStore['createQueue']>) {
      const queue = super.createQueue(name, url, names.queueArn(name), ...rest);
      adopt(queue);
      return queue;
    }

    override buildQueueUrl(name: string) {
      return names.queueUrl(name);
    }

    /** Looks for the name alone: requests' regions and fauxqs' fixed account play no part in a cloud of one account. */
    override getQueueByArn(arn: string) {
      return this.getQueueByName(lastPart(arn, ':'));
    }

    /** Takes a queue's URL of any host, or its name. */
    override getQueue(url: string) {
      return this.getQueueByName(lastPart(url, '/'));
    }
  }

  class NamedSnsStore extends fauxqs.SnsStore {
    override createTopic(...[name, ...rest]: Parameters<SnsStore['createTopic']>) {
      const arn = names.topicArn(name);
      const existing = this.topics.get(arn);
      if (existing) return existing;
      const topic = super.createTopic(name, ...rest);
      this.topics.delete(topic.arn);
      topic.arn = arn;
      this.topics.set(arn, topic);
      return topic;
    }
  }

  return { sqsStore: new NamedSqsStore(), snsStore: new NamedSnsStore() };
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
