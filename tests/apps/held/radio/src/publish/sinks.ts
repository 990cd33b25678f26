import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export type Played = Readonly<{ id: string; title: string }>;

export abstract class Sink<C extends { destroy(): void }> implements Disposable {
  protected constructor(protected readonly client: C) {}

  abstract publish(played: readonly Played[]): Promise<unknown>;

  [Symbol.dispose](): void {
    this.client.destroy();
  }
}

export class TopicSink extends Sink<SNSClient> {
  constructor(private readonly topic = process.env['TOPIC']!) {
    super(new SNSClient({}));
  }

  publish(played: readonly Played[]) {
    return this.client.send(
      new PublishBatchCommand({
        TopicArn: this.topic,
        PublishBatchRequestEntries: played.map(({ id, title }) => ({ Id: id, Message: title })),
      }),
    );
  }
}

export class RadioSink extends Sink<IoTDataPlaneClient> {
  static readonly topic = 'radio/now' as const;

  constructor() {
    super(new IoTDataPlaneClient());
  }

  async publish(played: readonly Played[]) {
    for (const { title } of played.slice(-1)) {
      await this.client.send(new PublishCommand({ topic: RadioSink.topic, payload: Buffer.from(title), qos: 1 }));
    }
  }
}

export class BusSink extends Sink<EventBridgeClient> {
  constructor() {
    super(new EventBridgeClient({}));
  }

  publish = (played: readonly Played[]) =>
    this.client.send(new PutEventsCommand({ Entries: played.map((each) => ({ Detail: JSON.stringify(each) })) }));
}
