import type { HttpAnswer, HttpRequest, Network } from '../../src/context.ts';
import { nodeNetwork } from '../../src/node-network.ts';

/** Servers that answer as a test says, and remember what they were asked. A text in place of an answer is the code of an error. */
export class FakeNetwork {
  readonly asked: HttpRequest[] = [];
  readonly pauses: number[] = [];
  readonly network: Network;

  /** @param answer is told how many requests came before */
  constructor(answer: (request: HttpRequest, before: number) => Partial<HttpAnswer> | string) {
    this.network = {
      ...nodeNetwork(),
      request: (request) => {
        const given = answer(request, this.asked.length);
        this.asked.push(request);
        if (typeof given === 'string') return Promise.reject(Object.assign(new Error('said by the system'), { code: given }));
        return Promise.resolve({ status: 200, headers: {}, body: '', ...given });
      },
      pause: (ms) => {
        this.pauses.push(ms);
        return Promise.resolve();
      },
    };
  }
}
