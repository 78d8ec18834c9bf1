import { factsInProd, factsOf } from './record.ts';
import { readRecording, RECORDED } from './recording.ts';

/** A stack that has changed since costs something else: record it anew. */
describe.each(RECORDED)('the recording of the preset %s', (preset) => {
  const { stack, prod } = readRecording(preset);

  it(`is of the stack as it is synthesized (npm run orders -- cost --record ${preset} makes it anew)`, async () => {
    expect(stack).toEqual(await factsOf(preset));
  });

  it('and of that of production', async () => {
    expect(prod).toEqual(await factsInProd(preset));
  });
});
