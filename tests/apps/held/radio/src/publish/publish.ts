import type { DynamoDBStreamHandler } from 'aws-lambda';
import { RadioSink, TopicSink, type Played } from './sinks';

const pipe =
  <A, B, C>(first: (a: A) => B, second: (b: B) => C) =>
  (a: A): C =>
    second(first(a));

const played = pipe(
  (event: Parameters<DynamoDBStreamHandler>[0]) => event.Records.map((record) => record.dynamodb?.NewImage),
  (images): Played[] => images.flatMap((image) => (image ? [{ id: image.id!.S!, title: image.title?.S ?? '' }] : [])),
);

const sinks = [TopicSink, RadioSink].map((Kind) => new Kind());

export const handler: DynamoDBStreamHandler = async (event) => {
  const found = played(event);
  for (let at = 0; at < found.length; at += 10) {
    await Promise.all(sinks.map((sink) => sink.publish(found.slice(at, at + 10))));
  }
};
