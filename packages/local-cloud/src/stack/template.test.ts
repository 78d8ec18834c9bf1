import { parseTemplate, TemplateError } from './template.ts';

describe('parseTemplate', () => {
  it('leaves plain text alone', () => {
    expect(parseTemplate('{"a":"$b"} 100%')).toEqual(['{"a":"$b"} 100%']);
  });

  it('splits text from references', () => {
    expect(parseTemplate('{"q":"${aws_sqs_queue.mail-box.arn}"}')).toEqual([
      '{"q":"',
      { text: 'aws_sqs_queue.mail-box.arn', steps: ['aws_sqs_queue', 'mail-box', 'arn'] },
      '"}',
    ]);
  });

  it.each([
    ['${var.stage}', ['var', 'stage']],
    ['${ data.aws_region.here.name }', ['data', 'aws_region', 'here', 'name']],
    ['${aws_x.y.list[0].attr}', ['aws_x', 'y', 'list', 0, 'attr']],
    ['${aws_x.y.list.0.attr}', ['aws_x', 'y', 'list', 0, 'attr']],
    ['${aws_x.y.map["a key"]}', ['aws_x', 'y', 'map', 'a key']],
  ])('reads the steps of %s', (text, steps) => {
    expect(parseTemplate(text)).toEqual([expect.objectContaining({ steps })]);
  });

  it.each([
    ['$${aws:username}', '${aws:username}'],
    ['a %%{if} b', 'a %{if} b'],
    ['$${a} and $${b}', '${a} and ${b}'],
  ])('takes the escape out of %s', (text, plain) => {
    expect(parseTemplate(text)).toEqual([plain]);
  });

  it.each([
    ['${join(",", aws_x.y.list)}', 'calls the function join()'],
    ['${aws_x.y.list[*].arn}', 'is not a reference'],
    ['${var.a == "b" ? 1 : 2}', 'is not a reference'],
    ['%{ if true }x%{ endif }', 'is not a reference'],
    ['${unclosed', 'is not a reference'],
  ])('refuses %s and says what it is', (text, problem) => {
    expect(() => parseTemplate(text)).toThrow(TemplateError);
    expect(() => parseTemplate(text)).toThrow(problem);
  });
});
