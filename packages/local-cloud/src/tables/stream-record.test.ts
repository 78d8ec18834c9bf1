import { imageOf } from './image.ts';
import { positionOf, sequenceNumber, streamRecord, TIME_TO_LIVE } from './stream-record.ts';

const key = { id: { S: 'o-1' } };
const before = imageOf({ ...key, n: { N: '42' } });
const after = imageOf({ ...key, n: { N: '43' } });
const none = imageOf(undefined);
const place = {
  streamArn: 'arn:stream',
  region: 'eu-west-1',
  viewType: 'NEW_AND_OLD_IMAGES',
  position: 7,
  at: 1_700_000_000_999,
} as const;

describe('a stream record', () => {
  it('is what Lambda gets', () => {
    const record = streamRecord({ key, before, after }, place);

    expect(record).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-west-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_700_000_000,
        Keys: key,
        NewImage: after.attributes,
        OldImage: before.attributes,
        SequenceNumber: '100000000000000000007',
        SizeBytes: 5 + 8 + 8,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: 'arn:stream',
    });
  });

  it.each([
    ['INSERT', none, after, { NewImage: after.attributes }, 5 + 8],
    ['REMOVE', before, none, { OldImage: before.attributes }, 5 + 8],
  ])('of an %s has only the image that exists', (name, old, young, images, size) => {
    const { eventName, dynamodb } = streamRecord({ key, before: old, after: young }, place);

    const { NewImage, OldImage } = dynamodb;
    expect([eventName, dynamodb.SizeBytes]).toEqual([name, size]);
    expect({ ...(NewImage && { NewImage }), ...(OldImage && { OldImage }) }).toEqual(images);
    expect('NewImage' in dynamodb && 'OldImage' in dynamodb).toBe(false);
  });

  it.each([
    ['KEYS_ONLY', false, false, 5],
    ['NEW_IMAGE', true, false, 5 + 8],
    ['OLD_IMAGE', false, true, 5 + 8],
    ['NEW_AND_OLD_IMAGES', true, true, 5 + 8 + 8],
  ] as const)(
    'of a stream of %s shows what it should, and its size counts that',
    (viewType, shown, old, size) => {
      const { dynamodb } = streamRecord({ key, before, after }, { ...place, viewType });

      expect(['NewImage' in dynamodb, 'OldImage' in dynamodb, dynamodb.SizeBytes]).toEqual([
        shown,
        old,
        size,
      ]);
    },
  );

  it('names the service where the service deleted the item', () => {
    const record = streamRecord({ key, before, after: none, userIdentity: TIME_TO_LIVE }, place);

    expect(record.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });
  });
});

describe('a sequence number', () => {
  it('has 21 digits and sorts like the position', () => {
    const numbers = [1, 9, 10, 123_456_789].map(sequenceNumber);

    expect(numbers.every((number) => /^\d{21}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
  });

  it('leads back to its position', () => {
    expect(positionOf(sequenceNumber(123_456_789))).toBe(123_456_789);
    expect(positionOf('12')).toBeUndefined();
  });
});
